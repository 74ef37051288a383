//! The worked example of `docs/rulebooks.md`, typed as a reader would: each block is added to the file,
//! each command is run, and what the page promises must come out.

use crate::cli::Desk;
use crate::island::flat;

fn root(path: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// Fenced blocks as (kind, text).
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push((kind.to_owned(), text.join("\n") + "\n"));
        }
    }
    blocks
}

/// Runs each `$ recount ...` of a block; the lines below it must be in what it says.
fn console(desk: &Desk, text: &str, code: i32) -> usize {
    let mut commands = 0;
    for part in text.split("$ recount ").skip(1) {
        let (command, promised) = part.split_once('\n').unwrap();
        let args: Vec<&str> = command.split(' ').collect();
        let said = if code == 0 { desk.expect(0, &args) } else { desk.refused(code, &args) };
        let said = flat(&said);
        for line in promised.lines().filter(|line| !line.is_empty()) {
            assert!(said.contains(&flat(line)), "recount {command}\npromised: {line}\n{said}");
        }
        commands += 1;
    }
    commands
}

#[test]
fn the_worked_example_comes_out_as_the_page_says() {
    let page = root("docs/rulebooks.md");
    let (example, _) = page.split_once("\n## 2.").unwrap();
    let desk = Desk::new();
    desk.write("pt-ar-2024.json", &root("rulebooks/tallies/pt-ar-2024.json"));
    let (mut file, mut commands, mut wrong) = (String::new(), 0, false);
    for (kind, text) in blocks(example) {
        match kind.as_str() {
            "toml" => {
                file.push_str(&text);
                file.push('\n');
                desk.write("pt.toml", &file);
            }
            "toml wrong" => {
                desk.write("pt.toml", &format!("{file}{text}"));
                wrong = true;
            }
            "console" => {
                commands += console(&desk, &text, if wrong { 2 } else { 0 });
                wrong = false;
            }
            other => panic!("the test does not know blocks of kind `{other}`"),
        }
    }
    assert!(commands >= 6, "{commands}");
    // What was typed is what ships.
    desk.write("shipped.toml", &root("rulebooks/pt-ar.toml"));
    let check = |file: &str| desk.json(&["seats", file, "--check"]);
    assert_eq!(check("pt.toml"), check("shipped.toml"));
}
