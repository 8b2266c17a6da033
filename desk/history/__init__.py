"""Who changed what, before and after: what the triggers keep, folded into changes and said in the reader's words."""
