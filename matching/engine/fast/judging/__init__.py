"""One pair judged in compiled code, file by file as the reference judges it."""
