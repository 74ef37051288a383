//! The page on which a reader's own browser checks everything again. The words of the scripts stand in it, so that they speak its
//! language; without scripts it says how to do the same from the command line.

use maud::{Markup, html};

use super::shell::Cx;
use crate::facts;
use crate::frame::Versions;
use crate::locale::{Arg, Locale, locales, say};
use crate::path::{Single, View};

/// Messages that scripts say begin so.
const SPOKEN: &str = "js-";

/// What is checked, in this order: the scripts fill in what came out.
const STEPS: [&str; 9] =
    ["browser", "checkpoint", "memory", "elsewhere", "tree", "statements", "count", "module", "pages"];

pub(crate) fn page(cx: &Cx<'_>) -> Markup {
    let frame = &cx.site.frame;
    let key = frame.vkey.as_ref().map(ToString::to_string);
    let charter = frame.charter.or_else(|| cx.site.fold.ledger().charter().map(|(hash, _)| *hash));
    let charter = charter.map(|hash| hash.to_hex());
    // Pages of an earlier size lie two folders below the record, which has gone on.
    let is_earlier = frame.versions == Versions::Here;
    let record = if is_earlier { format!("{}../../", cx.root) } else { cx.root.clone() };
    let before = Some(cx.counted().size()).filter(|size| is_earlier || *size != cx.site.fold.size());
    html! {
        link rel="stylesheet" href={ (cx.root) "assets/check.css" };
        h1 { (cx.t.word("title-check")) }
        p.lead { (cx.t.word("check-intro")) }
        p { (cx.t.word("check-limits")) }
        div #check data-record=(record) data-pages=(pages(cx)) data-at=[before] {
            (asked(cx.t))
            h2 #check-steps { (cx.t.word("check-steps")) }
            ol.steps { @for step in STEPS { li data-step=(step) {
                strong { (cx.t.say(&format!("check-step-{step}"), &[])) }
                " " span.tag.verdict { (cx.t.word("js-waiting")) }
                div.said {}
            } } }
            p #check-told role="status" aria-live="polite" {}
            div #check-path tabindex="-1" {}
        }
        (words(cx.t))
        h2 { (cx.t.word("check-by-command")) }
        p { (cx.t.word("check-by-command-intro")) }
        pre tabindex="0" { code { (command(cx)) } }
        h2 { (cx.t.word("check-named")) }
        p { (cx.t.word("check-named-intro")) }
        dl.lines.long {
            @if let Some(key) = &key { div { dt { (cx.t.word("check-log-key")) } dd { code { (key) } } } }
            @if let Some(charter) = &charter { div { dt { (cx.t.word("check-charter")) } dd { code { (charter) } } } }
            @if let Some(law) = cx.site.fold.law() {
                div { dt { (cx.t.word("check-rulebook")) } dd { bdi { (law.rulebook.title) } " " code { (law.rulebook_hash.to_hex()) } } }
            }
            @if let Some(own) = &frame.checkpoint {
                div { dt { a href={ (record) "checkpoint" } { (cx.t.word("check-checkpoint")) } }
                    dd { code { (own.origin) } ", " (cx.n(own.size)) ", " code { (own.root.to_hex()) } } }
            }
        }
        (checked_before(cx))
    }
}

/// What a reader may give from outside, and the button.
fn asked(t: &Locale) -> Markup {
    let field = |id: &str| html! { label for={ "check-" (id) } { (t.say(&format!("check-label-{id}"), &[])) } };
    html! {
        noscript { p.notice { (t.word("check-no-script")) } }
        div.asked hidden {
            p { (field("key")) input #check-key type="text" autocomplete="off" spellcheck="false" aria-describedby="check-key-hint"; }
            p.small #check-key-hint { (t.word("check-key-hint")) }
            details {
                summary { (t.word("check-more")) }
                p { (field("charter")) input #check-charter type="text" autocomplete="off" spellcheck="false"; }
                p { (field("witnesses")) textarea #check-witnesses rows="2" spellcheck="false" {} }
                p { (field("elsewhere")) textarea #check-elsewhere rows="5" spellcheck="false" {} }
            }
            p { button #check-start type="button" { (t.word("check-start")) } }
            progress #check-progress max="1" value="0" aria-label=(t.word("check-progress")) hidden {}
        }
    }
}

/// The pages whose figures are compared, as addresses from this one.
fn pages(cx: &Cx<'_>) -> String {
    let root = facts::root(&cx.site.fold).map(|unit| View::Place(unit, 1));
    let mut views = vec![View::Front, View::Single(Single::Why), View::Single(Single::Print)];
    views.extend(root);
    views.iter().map(|view| cx.to(view)).collect::<Vec<_>>().join(" ")
}

/// What the one who made the page had checked: it can be believed as far as the maker can.
fn checked_before(cx: &Cx<'_>) -> Markup {
    let verified = cx.site.frame.verified;
    let checks = [
        (verified.log_key, "checked-log-key"),
        (verified.charter, "checked-charter"),
        (verified.tree, "checked-tree"),
        (verified.statements, "checked-statements"),
        (verified.declarations, "checked-declarations"),
    ];
    html! {
        h2 { (cx.t.word("check-made")) }
        p { (cx.t.word(if verified.is_anchored() { "check-anchored" } else { "check-not-anchored" })) }
        ul.checks {
            @for (done, what) in checks {
                li class=(if done { "yes" } else { "no" }) {
                    span.tag { (cx.t.word(if done { "check-done" } else { "check-not-done" })) } " " (cx.t.word(what))
                }
            }
            @if verified.witnesses > 0 {
                li.yes { span.tag { (cx.t.word("check-done")) } " " (say!(cx.t, "checked-witnesses", witnesses = verified.witnesses)) }
            }
        }
        p.small { (cx.t.word("check-cannot")) }
    }
}

/// Everything that scripts say, with `{name}` where they put in what they found.
fn words(t: &Locale) -> Markup {
    let complete = locales().iter().find(|own| own.tag() == "en").into_iter().flat_map(Locale::messages);
    let spoken = complete.filter(|(key, _)| key.starts_with(SPOKEN)).map(|(key, names)| {
        let args: Vec<(&str, Arg<'_>)> = names.iter().map(|name| (*name, format!("{{{name}}}").into())).collect();
        (key.strip_prefix(SPOKEN).unwrap_or(key), t.say(key, &args))
    });
    html! { template #check-words { @for (key, says) in spoken { p data-word=(key) { (says) } } } }
}

/// The command with everything that is known filled in.
fn command(cx: &Cx<'_>) -> String {
    let frame = &cx.site.frame;
    let url = frame.base_url.as_deref().unwrap_or("RECORD-URL");
    let key = frame.vkey.as_ref().map_or_else(|| "LOG-KEY".to_owned(), ToString::to_string);
    let charter = frame.charter.or_else(|| cx.site.fold.ledger().charter().map(|(hash, _)| *hash));
    let charter = charter.map_or_else(|| "CHARTER-HASH".to_owned(), |hash| hash.to_hex());
    format!("recount verify {url} \\\n  --key {key} \\\n  --charter {charter} \\\n  --at {}", cx.site.size())
}
