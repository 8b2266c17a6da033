"""The sentences of the book import: what is wrong with a cell, a row, a sheet or a file, and what to do."""

from django.utils.translation import gettext_lazy as _

BOOK_SENTENCES = {
    # The file
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
    "book_is_empty": _("There is no row to read: fill a sheet of the template."),
    "book_changed_meanwhile": _(
        "The same rows were changed here at the same moment. Nothing was written; send the file again."
    ),
    # The sheet
    "sheet_is_empty": _("The sheet is empty: nothing was read from it."),
    "sheet_not_read": _(
        "The sheet was not read: neither its name nor its headings tell whether it holds companies, needs or "
        "capacities."
    ),
    "sheet_refused": _("The headings of this sheet must be put right first (see above)."),
    "column_unknown": _("“%(text)s” is not a heading of this sheet, so what stands below it would be lost.%(near)s"),
    "column_twice": _("The heading “%(text)s” stands here twice. Keep one."),
    "column_missing": _("A column is missing: %(headings)s."),
    "cell_without_heading": _(
        "“%(text)s” stands below no heading, so it would be lost. Give the column its heading, or clear the cell."
    ),
    # The row
    "row_is_example": _("The example row of the template is not read."),
    "double_code": _("The code “%(text)s” stands in more than one row (also in %(rows)s). Keep one."),
    "double_number": _("The registration number %(text)s stands in more than one row (also in %(rows)s). Keep one."),
    "double_reference": _(
        "The company has the reference “%(text)s” in more than one row (also in %(rows)s). Keep one, or give the "
        "other a reference of its own."
    ),
    # The cell
    "cell_missing": _("The cell is empty, and it is needed."),
    "cell_is_formula": _("The cell holds a formula. Paste its value instead (copy, then “paste values”)."),
    "cell_is_error": _("The cell holds an error of the spreadsheet. Write the value."),
    "cell_starts_like_formula": _("The text begins with an equals sign, like a formula. Write it without."),
    "cell_has_control_letters": _("The text holds invisible control characters. Write it again by hand."),
    "cell_has_lines": _("The text has line breaks or tabs. Write it on one line."),
    "cell_is_truth_value": _("The cell holds TRUE or FALSE. Write the word or number that is meant."),
    "cell_became_day": _(
        "The spreadsheet has made a day of what was typed (%(text)s). Format the cell as text and write it again."
    ),
    "text_too_long": _("The text has %(letters)s characters; at most %(most)s can be kept."),
    "choice_unknown": _("“%(text)s” is not one of the words of this column: %(allowed)s."),
    "email_not_read": _("“%(text)s” is not an e-mail address."),
    "place_unknown": _("“%(text)s” is not a place of the corridor.%(near)s"),
    "place_ambiguous": _("“%(text)s” is the name of more than one place. Write the code.%(near)s"),
    "region_unknown": _("“%(text)s” is not a region of Indonesia or Kazakhstan.%(near)s"),
    "region_ambiguous": _("“%(text)s” is the name of more than one region. Write the code.%(near)s"),
    "certificate_ambiguous": _("“%(text)s” is the name of more than one certificate. Write the code.%(near)s"),
    "commodity_unknown": _(
        "“%(text)s” is not in the catalogue of goods. Write its code, its HS code of 2, 4 or 6 digits, or its "
        "exact name.%(near)s"
    ),
    "commodity_ambiguous": _("“%(text)s” is the name of more than one kind of goods. Write the code.%(near)s"),
    "commodity_is_group": _("“%(text)s” is a group of goods; a capacity names one kind.%(near)s"),
    "hs_code_too_long": _("%(text)s is a national code. Write the six digits of the HS: %(short)s."),
    "hs_code_lost_zero": _("%(text)s has lost its leading zero. Format the cell as text and write %(padded)s."),
    "hs_code_became_number": _(
        "The spreadsheet has made a number of a code (%(text)s). Format the cell as text and write the code "
        "without dots."
    ),
    "hs_code_unknown": _("There is no HS code %(text)s in HS 2022.%(near)s"),
    # What was converted, what was changed
    "converted_quantity": _("%(amount)s %(unit)s are kept as %(kg)s kg."),
    "converted_day": _("“%(text)s” is read as %(day)s."),
    "converted_goods": _("“%(text)s” is taken as %(code)s."),
    "number_from_number_cell": _("The number cell %(text)s is read as %(number)s."),
    "changed": _("“%(old)s” became “%(new)s”."),
}
