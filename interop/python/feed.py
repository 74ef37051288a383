"""Reads every Atom feed of a published site with a feed reader.

usage: feed.py SITE_FOLDER   (needs feedparser)
"""

import pathlib
import sys

import feedparser

feeds = sorted(pathlib.Path(sys.argv[1]).rglob("*.atom"))
entries = 0
for path in feeds:
    feed = feedparser.parse(str(path))
    problems = [problem for problem in [feed.bozo and feed.bozo_exception, not feed.feed.get("id"), not feed.feed.get("updated")] if problem]
    for entry in feed.entries:
        if not (entry.get("id") and entry.get("title") and entry.get("updated")):
            problems.append(f"an entry lacks id, title or time: {entry}")
    if len({entry.id for entry in feed.entries}) != len(feed.entries):
        problems.append("two entries have one id")
    if problems:
        print(f"{path}: {problems[0]}")
        sys.exit(1)
    entries += len(feed.entries)
if not feeds:
    print("no feed")
    sys.exit(1)
print(f"{len(feeds)} feeds with {entries} entries")
