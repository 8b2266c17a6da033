"""Tables that go out and come in as files: opened here, and made harmless here when they are written."""
