"""Writes one small table as Parquet with other people's programs, in every way that they offer, and as CSV.

usage: foreign.py FOLDER [ROWS]   (needs pandas, pyarrow, duckdb). Prints the names of the files; all of them hold the rows of table.csv.
"""

import pathlib
import sys

import duckdb
import pandas
import pyarrow
import pyarrow.parquet

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
stations = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
names = [f"станция {n % 97}" if n % 11 else None for n in range(stations)]
table = pyarrow.table(
    {
        "station": pyarrow.array([f"s{n:05}" for n in range(stations)]),
        "name": pyarrow.array(names),
        "registered": pyarrow.array([500 + n * 7 % 1500 for n in range(stations)], pyarrow.int32()),
        "took_part": pyarrow.array([None if n % 50 == 0 else 300 + n * 13 % 700 for n in range(stations)], pyarrow.int64()),
        "valid": pyarrow.array([None if n % 50 == 0 else float(290 + n * 13 % 700) for n in range(stations)], pyarrow.float64()),
        "small": pyarrow.array([n % 200 for n in range(stations)], pyarrow.uint8()),
        "sealed": pyarrow.array([None if n % 9 == 0 else n % 2 == 0 for n in range(stations)]),
    }
)
rows = [dict(zip(table.column_names, row)) for row in zip(*(column.to_pylist() for column in table.columns))]


def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) else str(value)


with open(folder / "table.csv", "w", encoding="utf-8") as file:
    file.write(",".join(table.column_names) + "\n")
    for row in rows:
        file.write(",".join(cell(value) for value in row.values()) + "\n")


def put(name, **options):
    pyarrow.parquet.write_table(table, folder / f"{name}.parquet", **options)
    print(f"{name}.parquet")


for codec in ["none", "snappy", "gzip", "zstd"]:
    for version in ["1.0", "2.0"]:
        put(f"arrow-{codec}-{version}", compression=codec, data_page_version=version)
put("arrow-plain", use_dictionary=False)
put("arrow-small-pages", data_page_size=256, dictionary_pagesize_limit=512, row_group_size=700)
frame = table.to_pandas()
frame.to_parquet(folder / "pandas.parquet", index=False)
print("pandas.parquet")
for codec in ["uncompressed", "snappy", "gzip", "zstd"]:
    path = folder / f"duckdb-{codec}.parquet"
    relation = duckdb.from_arrow(table)
    relation.write_parquet(str(path), compression=codec, row_group_size=2048)
    print(path.name)
