"""The sentences of the book import: what is wrong with a cell, a row, a sheet or a file, and what to do."""

from django.utils.translation import gettext_lazy as _

BOOK_SENTENCES = {
    # The file: what is wrong with any file is said in accounts/sheets/sentences.py
    "book_is_empty": _("There is no row to read: fill a sheet of the template."),
    "book_changed_meanwhile": _(
        "The same rows were changed here at the same moment. Nothing was written; send the file again."
    ),
    "rows_differ_now": _(
        "Something changed here since you looked, so nothing was written. These rows became something else: %(rows)s. "
        "Look at them and confirm anew."
    ),
    # What stays when a book is undone
    "undo_gone": _("It stays gone: somebody has deleted it since."),
    "undo_changed": _("It stays as it is: somebody has changed it since."),
    "undo_used": _("It stays: somebody has used it since."),
    "undo_decided": _("It stays, withdrawn: somebody has decided about a match of it."),
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
    "sheet_of_companies_not_yours": _(
        "Here only needs and capacities come in. The company itself is changed on its own pages: delete this sheet."
    ),
    # What is not the sender's to say
    "status_is_decided_apart": _(
        "Whether a company trades is decided on the page where it is verified. A new one is draft or submitted; of one "
        "that is here, leave the cell empty."
    ),
    "recorded_when_verified": _(
        "This is recorded on the page where the company is verified, with who saw it. Leave the cell empty."
    ),
    "fact_was_checked": _(
        "This was held against the papers of the company. It is changed where the company is verified."
    ),
    "country_not_yours": _("Companies of this country (%(land)s) are not yours to bring in."),
    "company_has_people": _(
        "%(company)s has people of its own, who say this themselves. Leave the row out, or stand in for the company."
    ),
    "company_not_yours": _(
        "This file takes the listings of %(company)s alone. Leave the cell empty, or write “%(code)s”."
    ),
    "listing_has_ended": _(
        "The listing is %(ended)s and cannot change any more. Give a new one a reference of its own."
    ),
    "too_many_open_listings": _(
        "%(company)s would have more than %(most)s listings that have not ended. Withdraw or close some first."
    ),
    "certificate_is_checked_apart": _(
        "Nobody has held “%(code)s” against its paper yet. Write %(code)s=unchecked; it is checked where the company "
        "is verified."
    ),
    "certificate_has_paper": _(
        "The paper of “%(code)s” is here, so a blank cell does not drop it. Name it, or remove it among the "
        "certificates."
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
    "cell_starts_like_formula": _("The text begins with an equals sign, like a formula. Write it without."),
    "cell_became_day": _(
        "The spreadsheet has made a day of what was typed (%(text)s). Format the cell as text and write it again."
    ),
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
    "likely_here": _(
        "A company much like this one is here already: %(name)s, with the code “%(code)s”. If it is the same, write "
        "that code."
    ),
    # What was converted, what was changed
    "converted_quantity": _("%(amount)s %(unit)s are kept as %(kg)s kg."),
    "converted_day": _("“%(text)s” is read as %(day)s."),
    "converted_goods": _("“%(text)s” is taken as %(code)s."),
    "number_from_number_cell": _("The number cell %(text)s is read as %(number)s."),
    "changed": _("“%(old)s” became “%(new)s”."),
}
