//! Files of pages that one command makes and the site of a record takes up: `forensics --pages` writes one, `publish` and `serve` read it.

use std::path::{Path, PathBuf};

use recount_site::Annex;
use serde_json::{Value, json};

use crate::error::{CliError, Outcome, read_text};

/// What such a file begins with.
const SCHEMA: &str = "recount-pages/1";

/// Writes pages to a file.
pub fn write(path: &Path, pages: &[Annex]) -> Outcome {
    let one = |own: &Annex| {
        json!({
            "language": own.language, "address": own.address, "title": own.title, "menu": own.menu, "html": own.html, "styles": own.styles,
            "since": own.since,
        })
    };
    let file = json!({ "schema": SCHEMA, "pages": pages.iter().map(one).collect::<Vec<_>>() });
    crate::output::file(path, file.to_string())
}

/// Reads the pages of several files.
pub fn read_all(paths: &[PathBuf]) -> Outcome<Vec<Annex>> {
    let mut all = Vec::new();
    for path in paths {
        let wrong = |why: &str| CliError::Input(format!("{}: {why}", path.display()));
        let file: Value = serde_json::from_str(&read_text(path)?).map_err(|why| wrong(&format!("not JSON: {why}")))?;
        if file["schema"] != SCHEMA {
            return Err(wrong("no file of pages: make one with `recount forensics RECORD --pages FILE`"));
        }
        let pages = file["pages"].as_array().ok_or_else(|| wrong("it holds no list of pages"))?;
        for (page, number) in pages.iter().zip(1..) {
            all.push(
                one(page).ok_or_else(|| wrong(&format!("page {number}: a key is absent, or the address is none")))?,
            );
        }
    }
    Ok(all)
}

fn one(page: &Value) -> Option<Annex> {
    let text = |key: &str| page[key].as_str().map(str::to_owned);
    let address = text("address")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let segment = address.strip_suffix('/').filter(|own| !own.is_empty() && own.chars().all(plain));
    segment?;
    Some(Annex {
        language: text("language")?,
        address,
        menu: text("menu").or_else(|| text("title"))?,
        title: text("title")?,
        html: text("html")?,
        since: page["since"].as_u64()?,
        styles: text("styles"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let home = std::env::temp_dir().join(format!("recount-pages-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        let file = home.join("pages.json");
        let page = Annex {
            language: "en".to_owned(),
            address: "forensics/".to_owned(),
            title: "Checks of figures".to_owned(),
            menu: "Checks".to_owned(),
            html: "<p>nothing</p>".to_owned(),
            since: 7,
            styles: None,
        };
        write(&file, std::slice::from_ref(&page)).unwrap();
        let read = read_all(std::slice::from_ref(&file)).unwrap();
        assert_eq!(read, std::slice::from_ref(&page));
        for address in ["../x/", "forensics", "/", "", "a/b/", "A/"] {
            write(&file, &[Annex { address: address.to_owned(), ..page.clone() }]).unwrap();
            assert!(read_all(std::slice::from_ref(&file)).is_err(), "{address}");
        }
        for text in
            ["", "[]", "{}", "{\"schema\":\"recount-pages/1\"}", "{\"schema\":\"recount-pages/1\",\"pages\":[{}]}"]
        {
            std::fs::write(&file, text).unwrap();
            assert!(read_all(std::slice::from_ref(&file)).is_err(), "{text}");
        }
        std::fs::remove_dir_all(home).unwrap();
    }
}
