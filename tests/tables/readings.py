"""What every file of the corpus holds: the right reading of each.

``corpus`` has small files of the kinds that people bring. A file that is added needs its entry here. The first entries
were printed by the reader and then compared with the files by eye, so they guard a reading more than they prove it.
test_corpus.py checks plain numbers and all exports against pandas, csv, openpyxl, and PyArrow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kmeans_tables.messages import message
from tests.tables.reading import Reading, markers

CORPUS: Final = Path(__file__).parent / "corpus"


READINGS: Final[dict[str, Reading]] = {
    "accounting.csv": Reading(
        {
            "item": ["a", "b", "c", "d"],
            "balance": [19110, -290, -1.5, -1000.25],
            "cost": [5, -7, 8, -12],
            "net": [-3.5, 2, 4, None],
        },
        notes=[
            message("reading.thousands", sign="comma", columns="“balance”"),
            message("reading.units", columns="“balance”", count=1, unit="“$”"),
            message("reading.parentheses", columns="“balance”, “cost”, and “net”"),
            message("reading.markers", markers=markers(("-", 1)), count=1, columns="“net”"),
        ],
        opens_on=("balance", "net"),
    ),
    "accounting-in-doubt.csv": Reading(
        {"item": ["a", "b", "c"], "balance": ["$19,110.00", "($290.00)", "-$5.00"], "x": [1.5, 2.5, 3], "y": [2, 5, 4]},
        reasons={"balance": message("columns.text_because", column="“balance”", cell="“($290.00)”", row=2)},
        opens_on=("x", "y"),
    ),
    "percent-and-shares.csv": Reading(
        {"x": [1, 2, 4], "y": [2, 3, 5], "share": ["12%", "0.15", "7%"]},
        reasons={"share": message("columns.percent_signs", column="“share”")},
        opens_on=("x", "y"),
    ),
    "unknown-marks.csv": Reading(
        {
            "x": [1, 2, 4, 5],
            "y": [2, 3, 5, 1],
            "a": [None, 4, None, 3],
            "b": [None, 7, None, 8],
            "c": ["<5", "6", "6", "8"],
            "d": [None, None, None, None],
        },
        reasons={
            "c": message("columns.text_because", column="“c”", cell="“<5”", row=1),
            "d": message("columns.no_value", column="“d”"),
        },
        notes=[
            message(
                "reading.markers",
                markers=markers(("NA", 3), ("..", 1), (".", 1), ("n.a.", 1), ("k. A.", 1), ("-", 1)),
                count=8,
                columns="“a”, “b”, and “d”",
            )
        ],
        opens_on=("x", "y"),
    ),
    "dates-and-populations.csv": Reading(
        {"day": [19723, 19724, 19727], "city": ["A", "B", "C"], "population": [350, 1200, 90], "area": [7, 9, 3]},
        notes=[message("reading.dates", columns="“day”", count=1)],
        opens_on=("population", "area"),
    ),
    "addresses-versions-phones.csv": Reading(
        {
            "ip": ["10.100.200.123", "10.101.200.124"],
            "version": ["1.100.200", "1.101.200"],
            "phone": ["+49 170 123 456", "+49 171 123 456"],
            "x": [1.5, 2.5],
            "y": [2, 3],
        },
        reasons={
            "version": message("columns.other_decimals", column="“version”", cell="“1.100.200”", row=1, sign="point")
        },
        opens_on=("x", "y"),
    ),
    "ambiguous-dates.csv": Reading(
        {"x": [1, 2], "y": [2, 3], "day": ["01/02/2024", "03/04/2024"]},
        reasons={"day": message("columns.ambiguous_dates", column="“day”", cell="“01/02/2024”", row=1)},
        opens_on=("x", "y"),
    ),
    "american-dates.csv": Reading(
        {"x": [1, 2], "day": [-1, 1]}, notes=[message("reading.dates", columns="“day”", count=1)], opens_on=("x", "day")
    ),
    "apostrophes-for-thousands.csv": Reading(
        {"amount": [1234.5, 12], "rate": [1, 2]},
        notes=[message("reading.thousands", sign="space", columns="“amount”")],
        opens_on=("amount", "rate"),
    ),
    "blank-lines-2.csv": Reading({"x": [1, 3], "y": [2, 4]}, opens_on=("x", "y")),
    "booleans.csv": Reading(
        {"x": [1, 2, 3], "smokes": [1, 0, None], "alive": [1, 0, 1]},
        notes=[
            message("reading.booleans", columns="“smokes”", count=1, words="yes"),
            message("reading.booleans", columns="“alive”", count=1, words="true"),
        ],
        opens_on=("x", "smokes"),
        label="alive",
    ),
    "column-called-cluster-2.csv": Reading({"cluster": [1, 2], "x": [2, 4], "y": [3, 9]}, opens_on=("cluster", "x")),
    "comments-above.csv": Reading(
        {"x": [1, 2], "y": [2, 3]}, notes=[message("reading.comments", count=2)], opens_on=("x", "y")
    ),
    "constant-and-counter.csv": Reading(
        {"row": [1, 2, 3], "x": [0.5, 0.25, 0.75], "same": [7, 7, 7], "y": [2, 5, 1]}, opens_on=("x", "y")
    ),
    "currency.csv": Reading(
        {"x": [1, 2], "price": [4314.54, 5], "debt": [-5, -7.5]},
        notes=[
            message("reading.thousands", sign="comma", columns="“price”"),
            message("reading.units", columns="“price”", count=1, unit="“€”"),
            message("reading.units", columns="“debt”", count=1, unit="“$”"),
        ],
        opens_on=("price", "debt"),
    ),
    "dates.csv": Reading(
        {"x": [1, 2], "day": [19782, 19783], "moment": [1.5, 0.25]},
        notes=[message("reading.dates", columns="“day” and “moment”", count=2)],
        opens_on=("x", "day"),
    ),
    "dates.parquet": Reading(
        {"day": [1, None], "at": [0.5, 2], "utc": [0.25, None], "id": [1.2345678901234568e18, 1.2345678901234568e18]},
        notes=[
            message("reading.dates", columns="“day”, “at”, and “utc”", count=3),
            message("reading.rounded", columns="“id”", count=1),
        ],
        opens_on=("day", "at"),
    ),
    "dates-from-1904.xlsx": Reading(
        {"x": [1, 2], "day": [1, 4]}, notes=[message("reading.dates", columns="“day”", count=1)], opens_on=("x", "day")
    ),
    "day-and-month.csv": Reading(
        {"d": ["24.12", "01.02."], "x": [1.5, 2.5], "y": [2, 3]},
        reasons={"d": message("columns.text_because", column="“d”", cell="“01.02.”", row=2)},
        opens_on=("x", "y"),
    ),
    "decimal-commas-by-other-columns.csv": Reading({"kg": [1.25, 2.375], "l": [1.5, 2.75]}, opens_on=("kg", "l")),
    "decimal-commas-in-doubt.tsv": Reading(
        {"kg": [1.25, 2.375], "count": [5, 6]},
        notes=[message("reading.doubtful", form="comma", columns="“kg”", doubt="thousands")],
        opens_on=("kg", "count"),
    ),
    "decimals.parquet": Reading({"price": [5.56, 10.37, 13.7, 17.4], "y": [1, 2, 3, 4]}, opens_on=("price", "y")),
    "digits-of-other-scripts.csv": Reading(
        {"x": [1, 2], "y": [2, 3], "z": ["٣", "٤"], "h": ["0x10", "0x1F"]},
        reasons={"h": message("columns.text_because", column="“h”", cell="“0x10”", row=1)},
        opens_on=("x", "y"),
    ),
    "empty-column.csv": Reading(
        {"x": [1, 3], "nothing": [None, None], "y": [2, 4]},
        reasons={"nothing": message("columns.no_value", column="“nothing”")},
        opens_on=("x", "y"),
    ),
    "empty-names.csv": Reading({"column 1": [0, 1, 2], "x": [1.5, 2.5, 0.5], "y": [2, 3, 7]}, opens_on=("x", "y")),
    "errors.xlsx": Reading(
        {"x": [1, 2, 3], "y": [None, 3, None]},
        notes=[message("reading.markers", markers=markers(("#N/A", 1), ("NA", 1)), count=2, columns="“y”")],
        opens_on=("x", "y"),
    ),
    "exponents.csv": Reading({"x": [100000, 150], "y": [0.002, 3]}, opens_on=("x", "y")),
    "formulas.csv": Reading(
        {"name": ["=1+1", "@SUM(A1)", "+cmd"], "x": [1, 3, 5], "y": [2, 4, 1]}, opens_on=("x", "y")
    ),
    "formulas.xlsx": Reading(
        {"x": [1, 3], "y": [2, 4], "z": [None, None]},
        reasons={"z": message("columns.no_value", column="“z”")},
        notes=[message("reading.formulas", count=2)],
        opens_on=("x", "y"),
    ),
    "gap.csv": Reading({"x": [1, 1, 9], "y": [2, None, 9]}, opens_on=("x", "y")),
    "german-dates.csv": Reading(
        {"x": [1, 2], "day": [-1, 1]}, notes=[message("reading.dates", columns="“day”", count=1)], opens_on=("x", "day")
    ),
    "header-in-a-comment.csv": Reading(
        {"x": [1.5, 2.5], "y": [2, 3]},
        notes=[message("reading.names_in_comment"), message("reading.comments", count=1)],
        opens_on=("x", "y"),
    ),
    "hidden-sheet-and-row.xlsx": Reading(
        {"x": [1, 3], "y": [2, 4]},
        notes=[
            message("reading.sheet", is_hidden=False, sheet="“Data”", sheets=2, has_decimal_commas=False),
            message("reading.hidden_rows", count=1),
        ],
        opens_on=("x", "y"),
    ),
    "identifiers.csv": Reading(
        {
            "id": [1.2345678901234568e18, 1.2345678901234568e18],
            "zip": [4994, 501],
            "code": ["2021_01", "2021_02"],
            "x": [1.5, 2.5],
            "y": [2, 3],
        },
        reasons={"code": message("columns.text_because", column="“code”", cell="“2021_01”", row=1)},
        notes=[message("reading.rounded", columns="“id”", count=1)],
        opens_on=("x", "y"),
    ),
    "impossible-date.csv": Reading(
        {"x": [1, 2], "y": [2, 3], "day": ["2024-02-30", "2024-02-29"]},
        reasons={"day": message("columns.text_because", column="“day”", cell="“2024-02-30”", row=1)},
        opens_on=("x", "y"),
    ),
    "index-of-r.txt": Reading({"row": ["r1", "r2"], "x": [1.5, 3.5], "y": [2, 4]}, opens_on=("x", "y")),
    "infinite.csv": Reading(
        {"x": [1, 2, 3], "y": [None, 3, None]},
        notes=[message("reading.infinite", count=2, columns="“y”")],
        opens_on=("x", "y"),
    ),
    "carriage-returns-alone.csv": Reading({"x": [1, 3], "y": [2, 4]}, opens_on=("x", "y")),
    "long-and-odd-names.csv": Reading(
        {
            "How satisfied are you with the speed of the delivery of you…": [1, 3],
            "Höhe; cm": [2, 4],
            "two lines": [3, 7],
        },
        opens_on=("How satisfied are you with the speed of the delivery of you…", "Höhe; cm"),
    ),
    "markers-among-numbers.csv": Reading(
        {"x": [1, 2, 4, 6], "y": [None, 3, None, 7], "z": [2, None, 5, None]},
        notes=[
            message(
                "reading.markers",
                markers=markers(("NA", 1), ("n/a", 1), ("-", 1), ("?", 1)),
                count=4,
                columns="“y” and “z”",
            )
        ],
        opens_on=("x", "y"),
    ),
    "markers-as-classes.csv": Reading(
        {"continent": ["NA", "None", "EU", "-", "null"], "x": [1, 2, 1.5, 1, 2], "y": [1, 2, 1, 1.5, 8]},
        opens_on=("x", "y"),
    ),
    "merged-labels.xlsx": Reading(
        {"g": ["A", "A", "B", "B"], "x": [1, 2, 4, 5], "y": [2, 3, 5, 6]},
        notes=[message("reading.merged_cells", count=2)],
        opens_on=("x", "y"),
        label="g",
    ),
    "minus-signs.csv": Reading({"x": [-1.5, -2], "y": [2, 3]}, opens_on=("x", "y")),
    "mixed-units.csv": Reading(
        {"x": [1, 2], "y": [2, 3], "weight": ["5 kg", "600 g"]},
        reasons={"weight": message("columns.units_differ", column="“weight”", units="“kg” and “g”")},
        opens_on=("x", "y"),
    ),
    "no-header.csv": Reading(
        {"column 1": [5.1, 4.9], "column 2": [3.5, 3.1], "column 3": ["setosa", "virginica"]},
        notes=[message("reading.no_names")],
        opens_on=("column 1", "column 2"),
    ),
    "no-header-with-names-in-front.csv": Reading(
        {"column 1": ["Berlin", "Paris", "Rome"], "column 2": [3, 5, 7], "column 3": [4, 6, 2]},
        notes=[message("reading.no_names")],
        opens_on=("column 2", "column 3"),
    ),
    "nul.csv": Reading(refusal=message("unsupported.other", file="“nul.csv”")),
    "numbers.xlsx": Reading({"x": [1, 3], "y": [2.5, None], "kind": ["a", "b"]}, opens_on=("x", "y")),
    "numbers-as-text.xlsx": Reading({"x": [5, 6, 7], "y": [1.5, 2.5, 3]}, opens_on=("x", "y")),
    "odd-spaces.csv": Reading(
        {"note": ["a\u2028b", "a\x85b", "c"], "x": [1, 2, 3], "y": [1, 5, 4]}, opens_on=("x", "y")
    ),
    "only-years-as-header.csv": Reading(
        {"1990": [1.5, 1.4], "1991": [1.6, 1.2], "1992": [1.7, 1.9]},
        notes=[message("reading.numbers_as_names", number="“1990”")],
        opens_on=("1990", "1991"),
    ),
    "percent.csv": Reading(
        {"x": [1, 2], "share": [12.3, 5]},
        notes=[message("reading.percent_signs", columns="“share”", count=1)],
        opens_on=("x", "share"),
    ),
    "percent-and-dates.xlsx": Reading(
        {"p": [0.123, 0.5], "day": [1, 2.5], "sure": [1, 0]},
        notes=[
            message("reading.shown_in_percent", columns="“p”", count=1),
            message("reading.dates", columns="“day”", count=1),
            message("reading.booleans", columns="“sure”", count=1, words="true"),
        ],
        opens_on=("p", "day"),
    ),
    "separated-by-pipes.txt": Reading({"x": [1, 3], "y": [2.5, 4]}, opens_on=("x", "y")),
    "plain.csv": Reading(
        {"x": [1, 3, 5], "y": [2.5, 4.5, 0.5], "kind": ["a", "b", "a"]}, opens_on=("x", "y"), label="kind"
    ),
    "points-for-thousands.csv": Reading(
        {"amount": [1234, 12], "rate": [1.5, 2.5]},
        notes=[message("reading.thousands", sign="point", columns="“amount”")],
        opens_on=("amount", "rate"),
    ),
    "points-for-thousands-in-doubt.csv": Reading(
        {"ort": ["A", "B", "C", "D"], "einwohner": [987, 1234, 12345, 450], "betriebe": [5, 6, 9, 3]},
        notes=[message("reading.doubtful", form="point groups", columns="“einwohner”", doubt="decimal_points")],
        opens_on=("einwohner", "betriebe"),
    ),
    "decimal-points-in-doubt.csv": Reading(
        {"place": ["A", "B", "C", "D"], "length": [987, 1.234, 12.345, 450], "width": [5, 6, 9, 3]},
        notes=[message("reading.doubtful", form="point", columns="“length”", doubt="thousands")],
        opens_on=("length", "width"),
    ),
    "quoted-lines.csv": Reading(
        {"note": ["line one\nline two", 'a "quoted" word, and a comma'], "x": [1, 2], "y": [1, 3]}, opens_on=("x", "y")
    ),
    "quoted-windows-lines.csv": Reading(
        {"note": ["line one\r\nline two", "b"], "x": [1, 2], "y": [1, 3]}, opens_on=("x", "y")
    ),
    "uneven-rows.csv": Reading(
        {"x": [1, 4, 6], "y": [2, 5, 7], "z": [3, None, 8]},
        notes=[message("reading.short_rows", count=1)],
        opens_on=("x", "y"),
    ),
    "rows-without-values.csv": Reading(
        {"a": [1, None, 3, None, 5], "b": [2, None, 4, None, 6], "x": ["p", None, "q", None, "q"]},
        opens_on=("a", "b"),
        label="x",
    ),
    "quoted-rows-without-values.csv": Reading(
        {"a": [1, None, 3], "b": [2, None, 4], "x": ["p", None, "q"]},
        notes=[message("reading.title_lines", count=1)],
        opens_on=("a", "b"),
    ),
    "rows-without-values.xlsx": Reading(
        {"a": [1, None, 3, 5], "b": [2.5, None, 4, 6], "x": ["p", None, "q", "q"]}, opens_on=("a", "b"), label="x"
    ),
    "same-name-twice.csv": Reading({"x": [1, 2], "x (2)": [10, 30]}, opens_on=("x", "x (2)")),
    "semicolons-decimal-commas.csv": Reading(
        {"x": [1.5, 3], "y": [2.25, 4.5], "kind": ["a", "b"]}, opens_on=("x", "y")
    ),
    "separator-named-by-excel.csv": Reading({"x": [1, 3], "y": [2.5, 4]}, opens_on=("x", "y")),
    "spaces.txt": Reading({"x": [1, 3], "y": [2.5, 4]}, opens_on=("x", "y")),
    "spaces-for-thousands.csv": Reading(
        {"amount": [1234.5, 7.25], "rate": [1, 2]},
        notes=[message("reading.thousands", sign="space", columns="“amount”")],
        opens_on=("amount", "rate"),
    ),
    "spreadsheet-errors.csv": Reading(
        {"x": [1, 2, 3], "y": [None, None, 4]},
        notes=[message("reading.markers", markers=markers(("#N/A", 1), ("#DIV/0!", 1)), count=2, columns="“y”")],
        opens_on=("x", "y"),
    ),
    "separated-by-tabs.tsv": Reading({"x": [1, 3], "y": [2.5, 4]}, opens_on=("x", "y")),
    "text-beside-numbers.xlsx": Reading(
        {"kg": [1.25, 2.375, 1.125], "l": [1.5, 2.75, 0.5]},
        notes=[message("reading.doubtful", form="comma", columns="“kg”", doubt="thousands")],
        opens_on=("kg", "l"),
    ),
    "thousands-in-doubt.csv": Reading(
        {"name": ["A", "B", "C"], "amount": [1234, 1300, 987], "age": [20, 22, 40]},
        notes=[message("reading.doubtful", form="comma groups", columns="“amount”", doubt="decimal_commas")],
        opens_on=("amount", "age"),
    ),
    "thousands-by-other-columns.csv": Reading(
        {"amount": [1234, 987], "rate": [1.5, 2.25]},
        notes=[message("reading.thousands", sign="comma", columns="“amount”")],
        opens_on=("amount", "rate"),
    ),
    "title-above.csv": Reading(
        {"x": [1, 2], "y": [2, 3], "z": [3, 5]}, notes=[message("reading.title_lines", count=1)], opens_on=("x", "y")
    ),
    "too-large.csv": Reading(
        {"huge": [1e200, 2], "x": [1, 3], "y": [2, 5]},
        reasons={"huge": message("columns.too_large", column="“huge”", value="1e+200", most="1e+140")},
        opens_on=("x", "y"),
    ),
    "trailing-separators.csv": Reading({"x": [1, 3], "y": [2, 4]}, opens_on=("x", "y")),
    "types.parquet": Reading(
        {"i": [1, 3], "f": [1.5, None], "s": ["NA", "EU"], "b": [1, 0], "c": ["u", "v"]},
        notes=[message("reading.booleans", columns="“b”", count=1, words="true")],
        opens_on=("i", "b"),
    ),
    "unit-in-some-cells.csv": Reading(
        {"x": [1, 2, 4], "y": [2, 3, 5], "share": ["12%", "5", "7"]},
        reasons={"share": message("columns.percent_signs", column="“share”")},
        opens_on=("x", "y"),
    ),
    "units.csv": Reading(
        {"x": [1, 2], "weight": [20.8, 3], "area": [120, 80], "speed": [5, 7]},
        notes=[
            message("reading.units", columns="“weight”", count=1, unit="“kg”"),
            message("reading.units", columns="“area”", count=1, unit="“m2”"),
            message("reading.units", columns="“speed”", count=1, unit="“km/h”"),
        ],
        opens_on=("x", "weight"),
    ),
    "unmatched-quote.csv": Reading(
        {"x": [1, 3], "y": [2, 4], "size": ['12" disk', '"open']},
        reasons={"size": message("columns.text_because", column="“size”", cell='“12" disk”', row=1)},
        notes=[message("reading.quotes")],
        opens_on=("x", "y"),
    ),
    "utf16-umlauts.csv": Reading({"größe": [1, 3], "y": [2, 4]}, opens_on=("größe", "y")),
    "utf8-with-mark.csv": Reading({"größe": [1, 3], "y": [2, 4]}, opens_on=("größe", "y")),
    "wavelengths-as-header.csv": Reading(
        {"sample": ["s1", "s2"], "400.5": [1.5, 1.4], "401.0": [1.6, 1.7]},
        notes=[message("reading.numbers_as_names", number="“400.5”")],
        opens_on=("400.5", "401.0"),
    ),
    "windows1252.csv": Reading({"größe": [1, 3], "ort": ["Köln", "Málaga"], "y": [2, 4]}, opens_on=("größe", "y")),
    "years-as-header.csv": Reading(
        {"country": ["AA", "BB"], "1990": [1.5, 1.4], "1991": [1.6, 1.7]},
        notes=[message("reading.numbers_as_names", number="“1990”")],
        opens_on=("1990", "1991"),
    ),
    "blank-lines.csv": Reading({"x": [1.5, 1.4, 9.1, 9], "y": [2.5, 2.6, 9.3, 9.5]}, opens_on=("x", "y")),
    "carriage-returns.csv": Reading({"x": [1, 1, 9, 9], "y": [2, 3, 9, 8]}, opens_on=("x", "y")),
    "column-called-cluster.csv": Reading({"cluster": [1, 1, 9, 9], "x": [2, 3, 9, 8]}, opens_on=("cluster", "x")),
    "constant-column.csv": Reading(
        {"x": [1.5, 1.25, 9.5, 9.75], "y": [7, 7, 7, 7], "z": [2.5, 3.5, 8.5, 9.5]}, opens_on=("x", "z")
    ),
    "crlf.csv": Reading({"x": [1, 1, 9, 9], "y": [2, 3, 9, 8]}, opens_on=("x", "y")),
    "dominant-column.csv": Reading(
        {"height": [1.6, 1.7, 1.65, 1.8], "wage": [20000, 31000, 52000, 61000]}, opens_on=("height", "wage")
    ),
    "emoji-names.csv": Reading({"🍎": [1.5, 1.25, 9.5, 9.75], "🍌 length": [2, 3, 8, 9]}, opens_on=("🍎", "🍌 length")),
    "empty.csv": Reading(refusal=message("files.empty", file="“empty.csv”")),
    "formula-injection.csv": Reading(
        {"name": ["=1+1", "+a", "-b", "@c"], "x": [1, 1, 9, 9], "y": [1, 2, 9, 8]}, opens_on=("x", "y")
    ),
    "identical-rows.csv": Reading({"x": [3.3, 3.3, 3.3, 3.3], "y": [3.3, 3.3, 3.3, 3.3]}, opens_on=("x", "y")),
    "label-column-clustered.csv": Reading({"group": [1, 1, 2, 2], "x": [2.5, 3.5, 9.5, 8.5]}, opens_on=("group", "x")),
    "latin1.csv": Reading(
        {"größe": [1.5, 1.25, 9.5, 9.75], "gewicht": [2, 3, 8, 9], "art": ["süß", "süß", "säuerlich", "säuerlich"]},
        opens_on=("größe", "gewicht"),
        label="art",
    ),
    "line-separator-in-cell.csv": Reading(
        {"note": ["a\u2028b", "b", "c", "d"], "x": [1, 1, 9, 9], "y": [1, 2, 9, 8]}, opens_on=("x", "y")
    ),
    "names-only.csv": Reading(refusal=message("files.only_names", file="“names-only.csv”")),
    "newline-in-quotes.csv": Reading(
        {"note": ["line one\nline two", "b", "c", "d"], "x": [1, 1, 9, 9], "y": [1, 2, 9, 8]}, opens_on=("x", "y")
    ),
    "next-line-in-cell.csv": Reading(
        {"note": ["a\x85b", "b", "c", "d"], "x": [1, 1, 9, 9], "y": [1, 2, 9, 8]}, opens_on=("x", "y")
    ),
    "no-names.csv": Reading(
        {"column 1": [1.5, 1.25, 9.5, 9.75], "column 2": [2.5, 2.75, 9.25, 9.5]},
        notes=[message("reading.no_names")],
        opens_on=("column 1", "column 2"),
    ),
    "number-too-large.csv": Reading(
        {"x": [1, 1, 9, 9], "y": [2, 3, None, 8]},
        notes=[message("reading.infinite", count=1, columns="“y”")],
        opens_on=("x", "y"),
    ),
    "one-column.csv": Reading(
        refusal=message("files.one_column", file="“one-column.csv”", column="“x”", has_reason=False, reason="")
    ),
    "one-gap.csv": Reading({"x": [1, 1, 9, 9], "y": [2, None, 9, 8]}, opens_on=("x", "y")),
    "one-row.csv": Reading({"x": [1], "y": [2]}, notes=[message("reading.one_row")], opens_on=("x", "y")),
    "pipes.txt": Reading({"x": [1.5, 1.25, 9.5, 9.75], "y": [2, 3, 8, 9]}, opens_on=("x", "y")),
    "ragged.csv": Reading(refusal=message("files.long_row", file="“ragged.csv”", cells=3, row=3, columns=2)),
    "separator-in-quoted-header.csv": Reading(
        {"Height; cm": [1, 1, 9, 9], "Width": [1, 2, 9, 8]}, opens_on=("Height; cm", "Width")
    ),
    "spaces-around-cells.csv": Reading(
        {"x": [1.5, 1.25, 9.5, 9.75], "y": [2, 3, 8, 9], "kind": ["a", "a", "b", "b"]},
        opens_on=("x", "y"),
        label="kind",
    ),
    "tabs.tsv": Reading(
        {"x": [1.5, 1.25, 9.5, 9.75], "y": [2, 3, 8, 9], "group": ["a", "a", "b", "b"]},
        opens_on=("x", "y"),
        label="group",
    ),
    "text-only.csv": Reading(refusal=message("files.no_numbers", file="“text-only.csv”", has_reason=False, reason="")),
    "thousands.csv": Reading(
        {"name": ["A", "B", "C", "D"], "amount": [2234, 2300, 987, 950], "age": [20, 22, 40, 41]},
        notes=[message("reading.doubtful", form="comma groups", columns="“amount”", doubt="decimal_commas")],
        opens_on=("amount", "age"),
    ),
    "two-columns-called-x.csv": Reading({"x": [1, 2, 1, 2], "x (2)": [10, 30, 90, 100]}, opens_on=("x", "x (2)")),
    "underscored-codes.csv": Reading(
        {"id": ["2021_01", "2021_02", "2021_11", "2021_12"], "x": [1, 1, 9, 9], "y": [1, 2, 9, 8]},
        reasons={"id": message("columns.text_because", column="“id”", cell="“2021_01”", row=1)},
        opens_on=("x", "y"),
    ),
    "utf16.csv": Reading({"x": [1, 1, 9, 9], "y": [2, 3, 9, 8]}, opens_on=("x", "y")),
    "utf8-mark.csv": Reading({"x": [1, 1, 9, 9], "y": [2, 3, 9, 8]}, opens_on=("x", "y")),
    "years-as-names.csv": Reading(
        {"country": ["AA", "BB", "CC", "DD"], "1990": [1.5, 1.4, 9.1, 9], "1991": [1.6, 1.7, 9.3, 9.5]},
        notes=[message("reading.numbers_as_names", number="“1990”")],
        opens_on=("1990", "1991"),
    ),
}
