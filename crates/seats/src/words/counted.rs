//! Things that are counted, with the forms that a number asks for.

use super::Language;
use super::phrase::number;

/// The three forms of a Russian noun after a number: 1, 2 to 4, and the rest; by the last two digits.
fn russian(count: u64, forms: [&'static str; 3]) -> &'static str {
    let [one, few, many] = forms;
    match (count % 100, count % 10) {
        (11..=14, _) => many,
        (_, 1) => one,
        (_, 2..=4) => few,
        _ => many,
    }
}

/// Declares counted nouns: a function each. English has two forms, Russian three, Kyrgyz one.
macro_rules! counted {
    ($( $(#[$meta:meta])* $name:ident {
        en: [$en1:literal, $en2:literal],
        ru: [$ru1:literal, $ru2:literal, $ru5:literal],
        ky: $ky:literal $(,)?
    })*) => { $(
        $(#[$meta])*
        pub(super) fn $name(language: Language, count: u64) -> String {
            let noun = match language {
                Language::English if count == 1 => $en1,
                Language::English => $en2,
                Language::Russian => russian(count, [$ru1, $ru2, $ru5]),
                Language::Kyrgyz => $ky,
            };
            format!("{} {noun}", number(language, u128::from(count)))
        }
    )* };
}

counted! {
    seats { en: ["seat", "seats"], ru: ["мандат", "мандата", "мандатов"], ky: "мандат" }
    votes { en: ["vote", "votes"], ru: ["голос", "голоса", "голосов"], ky: "добуш" }
    papers { en: ["paper", "papers"], ru: ["бюллетень", "бюллетеня", "бюллетеней"], ky: "бюллетень" }
    lists { en: ["list", "lists"], ru: ["список", "списка", "списков"], ky: "тизме" }
    /// Full quotas.
    whole_quotas {
        en: ["whole quota", "whole quotas"],
        ru: ["целая квота", "целые квоты", "целых квот"],
        ky: "бүтүн квота",
    }
    units {
        en: ["unit", "units"],
        ru: ["территориальная единица", "территориальные единицы", "территориальных единиц"],
        ky: "аймактык бирдик",
    }
}

/// Seats after "at most", "not more than": the genitive of Russian.
pub(super) fn seats_genitive(language: Language, count: u64) -> String {
    match language {
        Language::Russian => {
            let noun = russian(count, ["мандата", "мандатов", "мандатов"]);
            format!("{} {noun}", number(language, u128::from(count)))
        }
        _ => seats(language, count),
    }
}

/// Votes after "at least", "lacks": the genitive of Russian.
pub(super) fn votes_genitive(language: Language, count: u64) -> String {
    match language {
        Language::Russian => {
            let noun = russian(count, ["голоса", "голосов", "голосов"]);
            format!("{} {noun}", number(language, u128::from(count)))
        }
        _ => votes(language, count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_nouns_follow_their_numbers() {
        let said = |count| votes(Language::Russian, count);
        for (count, text) in [
            (0, "0 голосов"),
            (1, "1 голос"),
            (2, "2 голоса"),
            (4, "4 голоса"),
            (5, "5 голосов"),
            (11, "11 голосов"),
            (12, "12 голосов"),
            (14, "14 голосов"),
            (21, "21 голос"),
            (22, "22 голоса"),
            (111, "111 голосов"),
            (1_001, "1\u{a0}001 голос"),
            (3_077, "3\u{a0}077 голосов"),
        ] {
            assert_eq!(said(count), text);
        }
        assert_eq!(seats_genitive(Language::Russian, 65), "65 мандатов");
        assert_eq!(seats_genitive(Language::Russian, 21), "21 мандата");
        assert_eq!(votes(Language::English, 1), "1 vote");
        assert_eq!(seats(Language::Kyrgyz, 120), "120 мандат");
    }
}
