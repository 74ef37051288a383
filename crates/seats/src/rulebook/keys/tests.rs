//! The table of keys against the types that the parser reads, and the list of kinds that it names.

use std::collections::BTreeSet;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor, value::Error};
use serde::forward_to_deserialize_any;

use super::super::{Rulebook, check, raw};
use super::{COMMON, KINDS, Key, STAGE, TABLES};

/// A deserializer that has nothing to give and tells which keys a type asks for.
struct Asked;

impl<'de> Deserializer<'de> for Asked {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Error> {
        Err(Error::custom(fields.join(" ")))
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("no table"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

fn asked<T: for<'de> Deserialize<'de>>() -> BTreeSet<String> {
    let Err(keys) = T::deserialize(Asked) else { return BTreeSet::new() };
    keys.to_string().split(' ').map(str::to_owned).collect()
}

fn listed(keys: &[Key]) -> BTreeSet<String> {
    let names: BTreeSet<String> = keys.iter().map(|key| key.name.to_owned()).collect();
    assert_eq!(names.len(), keys.len(), "a key stands twice");
    names
}

#[test]
fn the_table_has_the_keys_of_the_parser_and_no_others() {
    let parser = [
        ("rulebook", asked::<raw::Rulebook>()),
        ("law", asked::<raw::Law>()),
        ("units", asked::<raw::Units>()),
        ("contest", asked::<raw::Contest>()),
        ("quantity", asked::<raw::Quantity>()),
        ("condition", asked::<raw::Condition>()),
        ("share", asked::<raw::Share>()),
        ("votes", asked::<raw::Votes>()),
        ("seats_won", asked::<raw::SeatsWon>()),
        ("votes_per_seat", asked::<raw::VotesPerSeat>()),
        ("quota_multiple", asked::<raw::QuotaMultiple>()),
        ("attribute", asked::<raw::Attribute>()),
        ("rank", asked::<raw::Rank>()),
        ("doubt", asked::<raw::Doubt>()),
        ("seats_from", asked::<raw::SeatsFrom>()),
        ("limit", asked::<raw::Limit>()),
        ("second_round", asked::<raw::SecondRound>()),
        ("valid_if", asked::<raw::ValidIf>()),
        ("reserve", asked::<raw::Reserve>()),
        ("until", asked::<raw::Until>()),
        ("shortfall", asked::<raw::Shortfall>()),
        ("votes_from", asked::<raw::VotesFrom>()),
        ("formula", asked::<raw::Formula>()),
        ("share_multiple", asked::<raw::ShareMultiple>()),
        ("jump", asked::<raw::Jump>()),
        ("redistribute", asked::<raw::Redistribute>()),
        ("nomination", asked::<raw::Nomination>()),
        ("share_limit", asked::<raw::ShareLimit>()),
        ("share_minimum", asked::<raw::ShareMinimum>()),
        ("count_minimum", asked::<raw::CountMinimum>()),
        ("vacancy", asked::<raw::Vacancy>()),
        ("standing", asked::<raw::Standing>()),
        ("annulment", asked::<raw::Annulment>()),
        ("surplus", asked::<raw::Surplus>()),
        ("exclude", asked::<raw::Exclude>()),
        ("validity", asked::<raw::Validity>()),
        ("turnout_floor", asked::<raw::TurnoutFloor>()),
        ("reading", asked::<raw::Reading>()),
    ];
    for (name, keys) in &parser {
        let table = TABLES.iter().find(|(own, _)| own == name).unwrap_or_else(|| panic!("no table `{name}`"));
        assert_eq!(listed(table.1), *keys, "table `{name}`");
    }
    assert_eq!(TABLES.len(), parser.len());
    assert_eq!(listed(STAGE), asked::<raw::Stage>(), "stage");
    // A type that is added to the parser is added here.
    let types = include_str!("../../../../rulebook/src/lib.rs").matches("\npub struct ").count();
    assert_eq!(types, parser.len() + 1, "types of rulebook/raw.rs");
}

#[test]
fn the_kinds_are_those_that_the_parser_names() {
    let text = "schema = \"recount-rulebook/1\"\nid = \"x\"\ntitle = \"x\"\n[units]\nlevels = [\"national\"]\n\
                [[stage]]\nid = \"x\"\nkind = \"?\"\n";
    let help = Rulebook::parse(text).unwrap_err().help;
    let named: BTreeSet<&str> = help.trim_start_matches("use ").split(", ").collect();
    assert_eq!(named, KINDS.iter().map(|kind| kind.name).collect());
    let keys = listed(STAGE);
    for kind in KINDS {
        let known = check::allowed(kind.name).unwrap();
        assert!(known.iter().all(|key| keys.contains(*key)), "{}", kind.name);
        assert!(known.is_empty() || kind.needs.iter().all(|key| known.contains(key)), "{}", kind.name);
        assert!(COMMON.iter().all(|key| !known.contains(key)), "{}", kind.name);
    }
}
