//! The maps and forms that the repository ships fit each other.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use recount_election::Forms;
use recount_exchange::{Map, read_map};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn maps() -> Vec<(PathBuf, Map)> {
    let mut found = Vec::new();
    for folder in fs::read_dir(root().join("elections")).unwrap() {
        for name in ["map.toml", "rerun.toml"] {
            let path = folder.as_ref().unwrap().path().join(name);
            if let Ok(text) = fs::read_to_string(&path) {
                let map = read_map(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                found.push((path, map));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

#[test]
fn every_pass_has_its_form() {
    let maps = maps();
    assert!(maps.len() >= 7, "only {} maps found", maps.len());
    for (path, map) in maps {
        let at = path.display();
        let forms = path.parent().unwrap().join(map.forms.as_deref().unwrap());
        let forms = Forms::parse_toml(&fs::read_to_string(forms).unwrap()).unwrap();
        // A family of contests is one per value of a column: any value will do.
        let contest = map.contest.id.fill(|_| Ok::<_, ()>("01")).unwrap();
        let declared = forms.contest(&contest).unwrap_or_else(|| panic!("{at}: no contest {contest}"));
        assert_eq!(declared.kind, map.contest.kind, "{at}");
        assert!(map.units.iter().any(|unit| unit.level == declared.unit), "{at}");
        for unit in &map.units {
            assert!(forms.levels.contains(&unit.level), "{at}: {}", unit.level);
        }
        for pass in &map.passes {
            let form = forms.form_for(&contest, &pass.source, &pass.part);
            let form = form.unwrap_or_else(|| panic!("{at}: no form for pass {}", pass.id));
            let lines = map.lines_of(pass);
            for code in lines.keys() {
                assert!(form.lines.iter().any(|line| line.code == *code), "{at}: {code}");
            }
            for line in form.lines.iter().filter(|line| line.required) {
                assert!(lines.contains_key(&line.code), "{at}: {} is required", line.code);
            }
        }
    }
}

#[test]
fn every_map_says_where_its_table_comes_from() {
    for (path, map) in maps() {
        assert!(map.origin.len() > 20 && !map.licence.is_empty(), "{}", path.display());
        assert!(path.with_file_name("README.md").is_file(), "{}", path.display());
    }
}
