//! Plural categories of whole numbers, after the rules of CLDR, by language. A language that is not here has `other` alone.

/// The category of `n`: `zero`, `one`, `two`, `few`, `many` or `other`.
pub fn category(tag: &str, n: u64) -> &'static str {
    let (ten, hundred) = (n % 10, n % 100);
    match tag.split('-').next().unwrap_or(tag) {
        "be" | "ru" | "uk" => match (ten, hundred) {
            (1, h) if h != 11 => "one",
            (2..=4, h) if !(12..=14).contains(&h) => "few",
            _ => "many",
        },
        "bs" | "hr" | "sr" => match (ten, hundred) {
            (1, h) if h != 11 => "one",
            (2..=4, h) if !(12..=14).contains(&h) => "few",
            _ => "other",
        },
        "pl" => match (n, ten, hundred) {
            (1, ..) => "one",
            (_, 2..=4, h) if !(12..=14).contains(&h) => "few",
            _ => "many",
        },
        "cs" | "sk" => match n {
            1 => "one",
            2..=4 => "few",
            _ => "other",
        },
        "ro" => match n {
            1 => "one",
            0 => "few",
            _ if (1..=19).contains(&hundred) => "few",
            _ => "other",
        },
        "lt" => match (ten, hundred) {
            (1, h) if !(11..=19).contains(&h) => "one",
            (2..=9, h) if !(11..=19).contains(&h) => "few",
            _ => "other",
        },
        "lv" => match (ten, hundred) {
            (0, _) | (_, 11..=19) => "zero",
            (1, _) => "one",
            _ => "other",
        },
        "sl" => match hundred {
            1 => "one",
            2 => "two",
            3 | 4 => "few",
            _ => "other",
        },
        "ar" => match (n, hundred) {
            (0, _) => "zero",
            (1, _) => "one",
            (2, _) => "two",
            (_, 3..=10) => "few",
            (_, 11..=99) => "many",
            _ => "other",
        },
        "he" => match n {
            1 => "one",
            2 => "two",
            _ => "other",
        },
        "am" | "as" | "bn" | "fa" | "fr" | "gu" | "hi" | "hy" | "kn" | "pt" | "zu" if n < 2 => "one",
        "mk" | "is" if ten == 1 && hundred != 11 => "one",
        "af" | "az" | "bg" | "ca" | "da" | "de" | "el" | "en" | "eo" | "es" | "et" | "eu" | "fi" | "gl" | "hu"
        | "it" | "ka" | "kk" | "ky" | "ml" | "mn" | "mr" | "nb" | "ne" | "nl" | "nn" | "no" | "os" | "ps" | "sq"
        | "sv" | "sw" | "ta" | "te" | "tk" | "tr" | "ug" | "ur" | "uz"
            if n == 1 =>
        {
            "one"
        }
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::category;

    #[test]
    fn categories() {
        let of = |tag: &str| [0, 1, 2, 5, 11, 12, 21, 22, 101, 111].map(|n| category(tag, n));
        let (o, one, few, many) = ("other", "one", "few", "many");
        assert_eq!(of("en"), [o, one, o, o, o, o, o, o, o, o]);
        assert_eq!(of("ky"), of("en"));
        assert_eq!(of("ru"), [many, one, few, many, many, many, one, few, one, many]);
        assert_eq!(of("pl"), [many, one, few, many, many, many, many, few, many, many]);
        assert_eq!(of("fr")[..3], [one, one, o]);
        assert_eq!(of("ar")[..4], ["zero", one, "two", few]);
        assert_eq!(of("zh"), [o; 10]);
    }
}
