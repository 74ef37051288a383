"""Reads a data package of ours with other people's programs, and compares every cell of every format with the CSV.

usage: data.py PACKAGE_FOLDER   (needs pandas, pyarrow, duckdb, frictionless)
"""

import csv
import decimal
import hashlib
import json
import pathlib
import sys

import duckdb
import frictionless
import pandas
import pyarrow.parquet


def cells_of_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def text(value):
    """A value as the CSV writes it; an absent one is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, decimal.Decimal):
        return f"{value:.6f}"
    return str(value)


def differ(name, header, rows, other_header, other_rows):
    if header != other_header:
        return f"{name}: columns {other_header} are not {header}"
    if len(rows) != len(other_rows):
        return f"{name}: {len(other_rows)} rows, not {len(rows)}"
    for at, (row, other) in enumerate(zip(rows, other_rows)):
        if row != other:
            return f"{name}, row {at + 1}: {other} is not {row}"
    return None


def of_json(path, header):
    rows = json.loads(path.read_text(encoding="utf-8"), parse_float=decimal.Decimal)
    return (list(rows[0]) if rows else header), [[text(value) for value in row.values()] for row in rows]


def of_arrow(path):
    table = pyarrow.parquet.read_table(path)
    columns = [[text(value) for value in column.to_pylist()] for column in table.columns]
    return table.column_names, [list(row) for row in zip(*columns)]


def of_duckdb(path):
    result = duckdb.sql(f"select * from read_parquet('{path}')")
    return [column for column in result.columns], [[text(value) for value in row] for row in result.fetchall()]


def main(folder):
    folder = pathlib.Path(folder)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    problems = []
    compared = cells = 0
    files = 0
    for resource in package["resources"]:
        for file in [resource, *resource["alternates"]]:
            data = (folder / file["path"]).read_bytes()
            if len(data) != file["bytes"] or f"sha256:{hashlib.sha256(data).hexdigest()}" != file["hash"]:
                problems.append(f"{file['path']}: bytes or hash differ from the descriptor")
            files += 1
        path = folder / resource["path"]
        header, rows = cells_of_csv(path)
        parquet = path.with_suffix(".parquet")
        others = [("json", of_json(path.with_suffix(".json"), header)), ("pyarrow", of_arrow(parquet)), ("duckdb", of_duckdb(parquet))]
        for name, (other_header, other_rows) in others:
            problems.append(differ(f"{path.stem} ({name})", header, rows, other_header, other_rows))
            compared += 1
            cells += len(rows) * len(header)
        # The same numbers without being told any types, as somebody would read them for a first look.
        frame = pandas.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)
        table = pandas.read_parquet(parquet)
        for column, kind in ((field["name"], field["type"]) for field in resource["schema"]["fields"]):
            if kind == "integer" and frame[column].sum() != table[column].sum():
                problems.append(f"{path.stem} (pandas): column {column} sums to something else")
        counted = duckdb.sql(f"select count(*) from read_csv('{path}', header = true)").fetchall()[0][0]
        if counted != len(rows):
            problems.append(f"{path.stem} (duckdb, csv): {counted} rows, not {len(rows)}")
    report = validate(folder)
    if not report.valid:
        problems.extend(str(error) for error in report.flatten(["name", "type", "message"])[:5])
    problems = [problem for problem in problems if problem]
    for problem in problems[:10]:
        print(problem)
    if problems:
        return 1
    print(f"{files} files, {compared} tables and {cells:,} cells agree; frictionless finds {report.stats['tasks']} resources valid")
    return 0


def validate(folder):
    """Frictionless wants paths relative to the folder that it stands in."""
    import os

    os.chdir(folder)
    return frictionless.validate("datapackage.json")


sys.exit(main(sys.argv[1]))
