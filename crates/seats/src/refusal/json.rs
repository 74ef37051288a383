//! Why a JSON text cannot be read, as a reason that every language can say.

use serde_json::error::Category;

use super::Reason;

impl Reason {
    /// What the reader found, with line and column; its own words only where there are no others for it.
    pub fn unreadable(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let said = error.to_string();
        let text = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said).to_owned();
        match error.classify() {
            Category::Eof => Self::Ends(line, column),
            Category::Syntax => Self::NotJson(line, column, text),
            Category::Data | Category::Io => fault(line, column, text),
        }
    }
}

fn fault(line: usize, column: usize, text: String) -> Reason {
    let key = |rest: &str| rest.split('`').nth(1).map(str::to_owned);
    if let Some(key) = text.strip_prefix("missing field ").and_then(key) {
        return Reason::MissingKey(line, column, key);
    }
    let unknown =
        text.strip_prefix("unknown field ").and_then(|rest| Some((key(rest)?, rest.split_once("expected ")?.1)));
    match unknown {
        Some((key, known)) => {
            Reason::UnknownKey(line, column, key, known.strip_prefix("one of ").unwrap_or(known).to_owned())
        }
        None => Reason::DoesNotFit(line, column, text),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Language, Tally};

    #[test]
    fn faults_of_a_tally_are_said_in_every_language() {
        let head = "{\"schema\": \"recount-tally/1\", \"units\": [], \"lists\": []";
        let says = |text: &str, language| Tally::parse(text).unwrap_err().describe_in(language);
        let cases = [
            (head.to_owned(), "line 1, column 54: the text ends", "строка 1, столбец 54: текст обрывается"),
            (format!("{head}; }}"), "this is not JSON", "это не JSON"),
            (format!("{head}, \"total\": []}}"), "the key `total` is not known", "ключ `total` здесь неизвестен"),
            (format!("{head}}}"), "the key `totals` is missing", "нет ключа `totals`"),
            (format!("{head}, \"totals\": 3}}"), "invalid type: integer `3`", "такого значения здесь быть не может"),
        ];
        for (text, english, russian) in cases {
            assert!(says(&text, Language::English).contains(english), "{}", says(&text, Language::English));
            assert!(says(&text, Language::Russian).contains(russian), "{}", says(&text, Language::Russian));
            let kyrgyz = says(&text, Language::Kyrgyz);
            assert!(kyrgyz.contains("1-сап"), "{kyrgyz}");
        }
    }
}
