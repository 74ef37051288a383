//! Bad input ends in a sentence that says what, where and what to do, with exit code 2 or 3; nothing acknowledged is lost.

use crate::island::{counted, desk, opened};

#[test]
fn missing_files_and_unknown_words() {
    let desk = counted();
    for (args, says) in [
        (vec!["count", "nowhere"], "nowhere"),
        (vec!["count", "rec", "--unit", "west"], "there is no unit \"west\""),
        (vec!["count", "rec", "--by", "parish"], "there are: national, region"),
        (vec!["count", "rec", "--contest", "mayor"], "there are: lists"),
        (vec!["count", "rec", "--source", "dream"], "no source \"dream\"; there are: hand"),
        (vec!["count", "rec", "--at", "999"], "999"),
    ] {
        let err = desk.refused(2, &args);
        assert!(err.contains(says), "{args:?}: {err}");
    }
    desk.refused(
        2,
        &[
            "init",
            "new",
            "--charter",
            "none.toml",
            "--key",
            "commission.island.example.key",
            "--log-key",
            "log.island.example.key",
        ],
    );
}

#[test]
fn wrong_toml_is_shown_at_its_place() {
    let desk = desk();
    let charter = std::fs::read_to_string(desk.path("charter.toml")).unwrap();
    let init = [
        "init",
        "rec",
        "--charter",
        "charter.toml",
        "--key",
        "commission.island.example.key",
        "--log-key",
        "log.island.example.key",
    ];
    desk.write("charter.toml", &charter.replace("quorum = 2", "quorum = \"two\""));
    let err = desk.refused(2, &init);
    assert!(
        err.contains("charter.toml:29:10: ") && err.contains("| quorum = \"two\"") && err.contains("^^^^^"),
        "{err}"
    );
    desk.write("charter.toml", &charter.replace("role = \"machine\"", "role = \"wizard\""));
    assert!(desk.refused(2, &init).contains("\"wizard\" is not a role"));
    desk.write("charter.toml", &charter);
    let stations = std::fs::read_to_string(desk.path("stations.csv")).unwrap();
    desk.write("stations.csv", &stations.replace("n3,north,1100", "n3,north,many"));
    let err = desk.refused(2, &init);
    assert!(err.contains("stations.csv:4") && err.contains("\"many\" is not a whole number"), "{err}");
}

#[test]
fn wrong_figures_are_refused_row_by_row() {
    let desk = opened();
    let table = std::fs::read_to_string(desk.path("results.csv")).unwrap();
    let wrong = table
        .replace("n2,north,900,388", "n2,north,900,-388")
        .replace(",250,160,", ",2.5,160,")
        .replace(",210,40,30,", ",99999999999999999999,40,30,");
    desk.write("results.csv", &wrong);
    let run = ["import", "rec", "results.csv", "--map", "map.toml", "--key", "commission.island.example.key"];
    let output = desk.run(&run);
    let out = crate::cli::text(&output.stdout);
    assert_eq!(output.status.code(), Some(2), "{out}");
    assert!(out.contains("line 3, station n2, column took_part: a figure cannot be negative"), "{out}");
    assert!(out.contains("line 4") && out.contains("column votes_a"), "{out}");
    assert!(out.contains("line 7") && out.contains("column votes_b"), "{out}");
    // The other rows are in.
    assert_eq!(desk.json(&["count", "rec"])["contests"][0]["coverage"]["received"], 8);
}

#[test]
fn a_station_that_is_not_listed_and_a_key_without_authority_change_no_figure() {
    let desk = counted();
    let before = desk.json(&["count", "rec"])["contests"].clone();
    // The observer may not file protocols: visible, and void.
    let tried = |key: &str| {
        let key = format!("{key}.key");
        desk.expect(2, &["import", "rec", "north.csv", "--map", "map.toml", "--key", &key])
    };
    let out = tried("observer.example");
    assert!(out.contains("VOID: no signer may say this here"), "{out}");
    // North may not speak for the south.
    let north = std::fs::read_to_string(desk.path("north.csv")).unwrap();
    desk.write("north.csv", &north.replace("n1,north", "s2,south"));
    let out = tried("north.island.example");
    assert!(out.contains("VOID"), "{out}");
    assert_eq!(desk.json(&["count", "rec"])["contests"], before);
    assert_eq!(desk.json(&["list", "rec", "--status", "void"])["found"], 2);
    // A key that nobody appointed is not even appended.
    desk.expect(0, &["key", "new", "stranger.example", "-o", "stranger.key"]);
    let err = desk.refused(2, &["import", "rec", "north.csv", "--map", "map.toml", "--key", "stranger.key"]);
    assert!(err.contains("stranger.example"), "{err}");
}

#[test]
fn keys_are_never_overwritten() {
    let desk = desk();
    desk.refused(2, &["key", "new", "again.example", "-o", "log.island.example.key"]);
    desk.write("not.key", "hello\n");
    assert!(desk.refused(2, &["key", "show", "not.key"]).contains("not.key"));
}

#[cfg(unix)]
#[test]
fn a_directory_that_cannot_be_written_is_an_environment_that_failed() {
    use std::os::unix::fs::PermissionsExt;
    let desk = desk();
    let locked = desk.path("locked");
    std::fs::create_dir(&locked).unwrap();
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o500)).unwrap();
    if std::fs::write(locked.join("probe"), "").is_ok() {
        eprintln!("SKIPPED: this user writes even where the mode forbids it");
        return;
    }
    desk.refused(
        3,
        &[
            "init",
            "locked/rec",
            "--charter",
            "charter.toml",
            "--key",
            "commission.island.example.key",
            "--log-key",
            "log.island.example.key",
        ],
    );
}

#[test]
fn a_record_in_the_way_of_a_file_is_refused() {
    let desk = opened();
    let init = [
        "init",
        "rec",
        "--charter",
        "charter.toml",
        "--key",
        "commission.island.example.key",
        "--log-key",
        "log.island.example.key",
    ];
    let output = desk.run(&init);
    assert!(matches!(output.status.code(), Some(2 | 3)), "{}", crate::cli::text(&output.stderr));
    assert_eq!(desk.json(&["status", "rec"])["size"], 3);
}

#[test]
fn of_two_writers_exactly_one_writes() {
    let desk = opened();
    let run = ["import", "rec", "results.csv", "--map", "map.toml", "--key", "commission.island.example.key"];
    let children: Vec<_> = (0..2)
        .map(|_| {
            desk.command(&run).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let codes: Vec<Option<i32>> =
        children.into_iter().map(|child| child.wait_with_output().unwrap().status.code()).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 3))), "{codes:?}");
    // Whoever came second found it locked, or everything there already: nothing is filed twice.
    assert_eq!(desk.json(&["list", "rec", "--kind", "protocol", "--limit", "0"])["found"], 11);
}
