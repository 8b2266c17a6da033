"""Says why a file, or a cell of it, cannot be read at all, and what to do."""

from django.utils.translation import gettext_lazy as _

FILE_SENTENCES = {
    "file_too_large": _("The file has %(megabytes)s MB; at most %(most)s MB are read. Send it in parts."),
    "file_is_empty": _("The file is empty."),
    "file_kind_unknown": _("Files ending in %(extension)s are not read. Save it as .xlsx or as CSV (UTF-8)."),
    "workbook_is_none": _("This is not an .xlsx workbook, whatever its name says. Open it and save it as .xlsx."),
    "workbook_is_locked": _(
        "The workbook is locked with a password, or is an old .xls. Save it as .xlsx without a password."
    ),
    "workbook_is_damaged": _("The workbook is damaged. Open it, save it again as .xlsx and send that."),
    "workbook_not_read": _("The workbook cannot be read (%(reason)s). Open it, save it again as .xlsx and send that."),
    "workbook_has_macros": _(
        "The workbook holds macros (%(part)s), which are never read. Save it as .xlsx without macros."
    ),
    "workbook_has_links": _(
        "The workbook draws on other files (%(part)s). Break the links, keep the values, and save it again."
    ),
    "workbook_has_objects": _("The workbook holds embedded objects (%(part)s). Delete them and save it again."),
    "workbook_has_too_many_parts": _(
        "The workbook is made of %(parts)s parts; at most %(most)s are read. Use the template."
    ),
    "workbook_unpacks_too_large": _(
        "Unpacked, the workbook has %(megabytes)s MB; at most %(most)s MB are read. Send it in parts."
    ),
    "workbook_part_too_large": _(
        "Unpacked, the part %(part)s of the workbook has %(megabytes)s MB; at most %(most)s MB are read. Send it in "
        "parts."
    ),
    "workbook_has_too_many_sheets": _("The workbook has more than %(most)s sheets. Use the template."),
    "workbook_holds_too_much_text": _("The workbook holds too much text. Send it in parts."),
    "csv_not_utf8": _("Line %(line)s is not UTF-8 text. Save the file as “CSV UTF-8”."),
    "csv_not_text": _("The file is not text. Save it as “CSV UTF-8”."),
    "csv_is_workbook": _("This is a workbook, not CSV. Name it .xlsx."),
    "csv_not_read": _("The quotation marks do not fit together (%(reason)s)."),
    "too_many_rows": _(
        "There is something in row %(row)s; at most %(rows)s rows are read. Send the rest in a second file."
    ),
    "too_many_columns": _("There is something beyond column %(columns)s. Use the template."),
    "too_many_cells": _(
        "There are too many rows or cells, blank ones counted. Delete blank rows and columns, or send the rest in a "
        "second file."
    ),
    "cell_too_long": _("The cell has more than %(letters)s characters. Shorten it."),
    # The cell
    "cell_is_formula": _("The cell holds a formula. Paste its value instead (copy, then “paste values”)."),
    "cell_is_error": _("The cell holds an error of the spreadsheet. Write the value."),
    "cell_is_truth_value": _("The cell holds TRUE or FALSE. Write the word or number that is meant."),
}
