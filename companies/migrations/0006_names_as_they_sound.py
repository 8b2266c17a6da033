from django.db import migrations

# Every letter of the three scripts as a plain Latin one, then what Latin writes with two letters as one. It only has
# to be alike for both sides of a search; who is one company is said by companies/finding/likeness.py.
FUNCTION = r"""
CREATE FUNCTION company_sounds(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT regexp_replace(translate(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        lower(translate(replace(replace(replace(replace(name, 'я', 'ia'), 'Я', 'ia'), 'ю', 'iu'), 'Ю', 'iu'),
            'АӘБВГҒДЕЁЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХҺЦЧШЩЫІЭ' || 'аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщыіэ'
            || 'ÄÇĞŞŠŽČÖÜÑİäçğşšžčöüñı' || '«»„“”"''.,ЪЬъь',
            'aabvggdeezziikklmnnooprstuuufkkskssiie' || 'aabvggdeezziikklmnnooprstuuufkkskssiie'
            || 'akgsszkouniakgsszkouni')),
    'dzh', 'z'), 'dz', 'z'), 'dj', 'z'), 'sh', 's'), 'zh', 'z'), 'kh', 'k'), 'gh', 'g'), 'ch', 'k'), 'th', 't'),
    'ts', 's'), 'oo', 'u'), 'ou', 'u'), 'oe', 'u'), 'cqwyjxh', 'kkvizkk'), '(.)\1+', '\1', 'g')
$$
"""
# Kept by the database itself, so that no way of writing a company can leave it behind. The programme only asks by it.
# The registered name stands there a second time, in one: names are written with blanks inside and without.
COLUMN = """
ALTER TABLE companies_company ADD COLUMN name_sounds text GENERATED ALWAYS AS (
    company_sounds(name_registered || ' ' || name_latin || ' ' || name_short) || ' '
    || company_sounds(translate(name_registered, ' -', ''))
) STORED
"""
# Without fastupdate: searches would walk through all that an import has just written.
INDEX = """
CREATE INDEX company_name_sounds ON companies_company USING gin (name_sounds gin_trgm_ops) WITH (fastupdate = off)
"""


class Migration(migrations.Migration):
    """Companies are searched by how their names sound, whatever the script: see docs/company-finder.md."""

    dependencies = [
        ("commodities", "0001_trigrams"),
        ("companies", "0005_legal_form_and_activities"),
    ]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION company_sounds(text)"),
        migrations.RunSQL(COLUMN, "ALTER TABLE companies_company DROP COLUMN name_sounds"),
        migrations.RunSQL(INDEX, "DROP INDEX company_name_sounds"),
    ]
