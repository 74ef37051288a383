//! What the command says itself, in every language; results and refusals come with words of their own.

use recount_seats::Language;

/// Declares sentences without figures.
macro_rules! sentences {
    ($( $(#[$meta:meta])* $name:ident { en: $en:literal, ru: $ru:literal, ky: $ky:literal $(,)? })*) => { $(
        $(#[$meta])*
        pub fn $name(language: Language) -> &'static str {
            match language {
                Language::English => $en,
                Language::Russian => $ru,
                Language::Kyrgyz => $ky,
            }
        }
    )* };
}

sentences! {
    /// No rulebook is given.
    rulebook_needed {
        en: "a rulebook is needed: RULEBOOK.toml\n  help: the folder rulebooks/ holds those of many countries, and docs/rulebooks.md writes one from nothing",
        ru: "нужен файл закона: RULEBOOK.toml\n  help: в папке rulebooks/ есть законы многих стран, docs/rulebooks.md учит написать свой",
        ky: "мыйзам файлы керек: RULEBOOK.toml\n  help: rulebooks/ папкасында көп өлкөнүн мыйзамдары бар, docs/rulebooks.md өзүңүздүкүн жазууну үйрөтөт",
    }
    /// No tally is given.
    tally_needed {
        en: "a tally is needed: RULEBOOK.toml TALLY.json\n  help: `recount export DIR --what tally` writes one from a record; docs/rulebooks.md shows its form",
        ru: "нужны данные о голосах: RULEBOOK.toml TALLY.json\n  help: `recount export DIR --what tally` выгружает их из записи; вид файла показан в docs/rulebooks.md",
        ky: "добуштар тууралуу маалымат керек: RULEBOOK.toml TALLY.json\n  help: `recount export DIR --what tally` аны жазуудан чыгарат; файлдын түрү docs/rulebooks.md ичинде",
    }
    /// What a path should lead to.
    name_a_rulebook {
        en: "name a rulebook; the folder rulebooks/ holds those of many countries, docs/rulebooks.md writes one from nothing",
        ru: "назовите файл закона; в папке rulebooks/ есть законы многих стран, docs/rulebooks.md учит написать свой",
        ky: "мыйзам файлын атаңыз; rulebooks/ папкасында көп өлкөнүн мыйзамдары бар, docs/rulebooks.md өзүңүздүкүн жазууну үйрөтөт",
    }
    /// What a path should lead to.
    name_a_tally {
        en: "name a tally; `recount export DIR --what tally` writes one, docs/rulebooks.md shows its form",
        ru: "назовите файл с голосами; `recount export DIR --what tally` выгружает его, вид показан в docs/rulebooks.md",
        ky: "добуштар файлын атаңыз; `recount export DIR --what tally` аны чыгарат, түрү docs/rulebooks.md ичинде",
    }
    /// A path leads nowhere.
    no_such_file {
        en: "there is no such file",
        ru: "такого файла нет",
        ky: "мындай файл жок",
    }
    /// A file of lots.
    lots_unreadable {
        en: "the lots cannot be read",
        ru: "жребии не читаются",
        ky: "чүчүкулактар окулбайт",
    }
    /// Ballots that belong nowhere.
    no_ranked_contest {
        en: "--ballots: the rulebook has no contest of ranked ballots, or several",
        ru: "--ballots: в законе нет голосования с порядком предпочтений, или их несколько",
        ky: "--ballots: мыйзамда артыкчылык ирети менен добуш берүү жок, же алар бир нече",
    }
    /// Another ending of a file of ballots.
    endings {
        en: "ballots end in .blt, .soc, .soi or .csv",
        ru: "имя файла с бюллетенями кончается на .blt, .soc, .soi или .csv",
        ky: "бюллетендер файлынын аты .blt, .soc, .soi же .csv менен бүтөт",
    }
    /// A heading.
    ranked_ballots {
        en: "Ranked ballots",
        ru: "Бюллетени с порядком предпочтений",
        ky: "Артыкчылык ирети менен бюллетендер",
    }
    /// A heading.
    people {
        en: "People: how few votes would change who is elected",
        ru: "Кандидаты: как мало голосов изменили бы, кто избран",
        ky: "Талапкерлер: ким шайланганын канча аз добуш өзгөртмөк",
    }
}

/// How many sentences were left out.
pub fn more(language: Language, more: usize) -> String {
    match language {
        Language::English => format!("And {more} more: --explain writes them all."),
        Language::Russian => format!("И ещё {more}: --explain пишет все."),
        Language::Kyrgyz => format!("Дагы {more}: --explain баарын жазат."),
    }
}

/// Who is elected by ranked ballots.
pub fn elected_at(language: Language, who: &str, count: u64) -> String {
    match language {
        Language::English => format!("{who} is elected at count {count}."),
        Language::Russian => format!("{who}: избрание в подсчёте {count}."),
        Language::Kyrgyz => format!("{who}: {count}-саноодо шайланды."),
    }
}
