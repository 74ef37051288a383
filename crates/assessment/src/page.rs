//! A page for everybody: what an audit proved, at what risk, and what it did not. HTML without scripts and styles, in
//! English, Russian and Kyrgyz; every text that comes from the record is escaped.

use recount_audit::Source;

use crate::assess::Assessment;
use crate::check::{Opened, millionths};

/// Languages of the page, by tag.
pub const LANGUAGES: [&str; 3] = ["en", "ru", "ky"];

/// Sentences of one language; `{}` takes the next figure.
struct Words {
    title: &'static str,
    certified: &'static str,
    partial: &'static str,
    nothing: &'static str,
    wrong: &'static str,
    what: &'static str,
    apart: &'static str,
    proved: &'static str,
    together: &'static str,
    list: &'static str,
    reported: &'static str,
    least: &'static str,
    most: &'static str,
    none: &'static str,
    progress: &'static str,
    waiting: &'static str,
    differ: &'static str,
    station: &'static str,
    choice: &'static str,
    stated: &'static str,
    found: &'static str,
    trust: &'static str,
    bounds: &'static str,
    people: &'static str,
    document: &'static str,
    trusted: &'static str,
    again: &'static str,
    exception: &'static str,
    assertion: &'static str,
    risk: &'static str,
    closest: &'static str,
    reading: &'static str,
}

const EN: Words = Words {
    title: "Audit",
    certified: "Every seat is proved",
    partial: "Some seats are proved, others not yet",
    nothing: "Nothing is proved yet",
    wrong: "The recount gives other seats",
    what: "Stations are drawn by lot, their boxes are opened and counted again by hand, and compared with their protocols. The plan was \
           filed before the dice were thrown; anyone can derive the same sample from the seed {}.",
    apart: "They are drawn apart by “{}”: {} strata, each with a draw of its own.",
    proved: "If these seats were wrong, an audit like this one would end so favourably with a chance of at most {}.",
    together: "With a chance of at least 1 − {}, all of these ranges hold at once, whatever the ballots say that nobody looked at.",
    list: "List",
    reported: "Reported",
    least: "Proved: at least",
    most: "At most",
    none: "Proved to have no seat: {}.",
    progress: "{} stations counted again, of {} in the audit; {} of {} assertions proved.",
    waiting: "{} drawn stations wait to be counted.",
    differ: "Where the recount differs from the protocol",
    station: "Station",
    choice: "Figure",
    stated: "Protocol",
    found: "Found",
    trust: "What this rests on",
    bounds: "that no box held more ballots than the bound that was fixed beforehand;",
    people: "that the boxes hold the ballots that were cast, and were counted again with care;",
    document: "that {}, which no ballot shows, was counted rightly from {};",
    trusted: "that {} is as published ({}): the audit did not check it;",
    again: "Do it yourself:",
    exception: "Exception",
    assertion: "What must be true",
    risk: "Risk",
    closest: "The least certain",
    reading: "“A/3 > B/2” says that the votes of list A, divided by 3, are more than those of list B, divided by 2; “A-B > 1/30” that the \
              share of A is more than one thirtieth above that of B. All such sentences together give these seats and no others; the \
              risk of each falls as stations are counted again and agree.",
};

const RU: Words = Words {
    title: "Аудит",
    certified: "Все мандаты доказаны",
    partial: "Часть мандатов доказана, остальные пока нет",
    nothing: "Пока ничего не доказано",
    wrong: "Пересчёт даёт другие мандаты",
    what: "Участки выбирают по жребию, урны вскрывают, бюллетени пересчитывают вручную и сверяют с протоколами. План внесён в запись до \
           броска костей; ту же выборку каждый получит из числа {}.",
    apart: "Участки выбирают отдельно по признаку «{}»; групп: {}, у каждой своя выборка.",
    proved: "Если бы эти мандаты были неверны, такой аудит закончился бы столь же благополучно с вероятностью не больше {}.",
    together: "С вероятностью не меньше 1 − {} все эти границы верны одновременно, что бы ни было в бюллетенях, которых никто не \
               видел.",
    list: "Список",
    reported: "По протоколам",
    least: "Доказано: не меньше",
    most: "Не больше",
    none: "Доказано, что мандатов нет: {}.",
    progress: "Пересчитано участков: {} из {}; доказано утверждений: {} из {}.",
    waiting: "Ждут пересчёта выбранные участки: {}.",
    differ: "Где пересчёт расходится с протоколом",
    station: "Участок",
    choice: "Показатель",
    stated: "Протокол",
    found: "Найдено",
    trust: "На чём это держится",
    bounds: "ни в одной урне не было бюллетеней больше, чем заранее установленная граница;",
    people: "в урнах лежат опущенные бюллетени, и пересчитаны они тщательно;",
    document: "{}, чего не видно по бюллетеням, верно сосчитано по документу «{}»;",
    trusted: "{} взято как опубликовано ({}): аудит этого не проверял;",
    again: "Проверьте сами:",
    exception: "Исключение",
    assertion: "Что должно быть верно",
    risk: "Риск",
    closest: "Наименее надёжное",
    reading: "«A/3 > B/2» значит: голоса списка A, делённые на 3, больше голосов списка B, делённых на 2; «A-B > 1/30» — доля A больше \
              доли B более чем на одну тридцатую. Вместе такие утверждения дают именно эти мандаты; риск каждого убывает, пока \
              пересчитанные участки сходятся с протоколами.",
};

const KY: Words = Words {
    title: "Аудит",
    certified: "Бардык мандаттар далилденди",
    partial: "Мандаттардын бир бөлүгү далилденди, калганы азырынча жок",
    nothing: "Азырынча эч нерсе далилденген жок",
    wrong: "Кайра эсептөө башка мандаттарды берет",
    what: "Участкалар чүчү кулак менен тандалат, урналар ачылып, бюллетендер кол менен кайра эсептелип, протоколдор менен \
           салыштырылат. План сөөк ташталганга чейин катталган; {} санынан ар ким ошол эле тандоону чыгара алат.",
    apart: "Участкалар «{}» боюнча өзүнчө тандалат; топтор: {}, ар биринин өз тандоосу бар.",
    proved: "Эгер бул мандаттар туура эмес болсо, мындай аудит ушунчалык ийгиликтүү бүтүшүнүн ыктымалдыгы {} ашпайт.",
    together: "1 − {} кем эмес ыктымалдык менен бул чектердин баары бир убакта туура, эч ким көрбөгөн бюллетендер эмне десе да.",
    list: "Тизме",
    reported: "Протоколдор боюнча",
    least: "Далилденди: кеминде",
    most: "Эң көп",
    none: "Мандаты жок экени далилденди: {}.",
    progress: "Кайра эсептелген участкалар: {} / {}; далилденген ырастоолор: {} / {}.",
    waiting: "Тандалган участкалар кайра эсептөөнү күтүүдө: {}.",
    differ: "Кайра эсептөө протоколдон айырмаланган жерлер",
    station: "Участка",
    choice: "Көрсөткүч",
    stated: "Протокол",
    found: "Табылды",
    trust: "Бул эмнеге таянат",
    bounds: "эч бир урнада алдын ала белгиленген чектен көп бюллетень болгон эмес;",
    people: "урналарда салынган бюллетендер жатат жана алар кылдат эсептелди;",
    document: "бюллетендерден көрүнбөгөн {} «{}» документи боюнча туура эсептелди;",
    trusted: "{} жарыялангандай алынды ({}): аудит аны текшерген жок;",
    again: "Өзүңүз текшериңиз:",
    exception: "Өзгөчө учур",
    assertion: "Эмне туура болушу керек",
    risk: "Тобокелдик",
    closest: "Эң ишенимсизи",
    reading: "«A/3 > B/2» дегени: A тизмесинин 3кө бөлүнгөн добуштары B тизмесинин 2ге бөлүнгөн добуштарынан көп; «A-B > 1/30» дегени: \
              Aнын үлүшү Bнын үлүшүнөн отуздан бирден ашык көп. Мындай ырастоолор чогуу дал ушул мандаттарды берет; кайра эсептелген \
              участкалар протоколдор менен дал келген сайын ар биринин тобокелдиги азаят.",
};

fn words(language: &str) -> &'static Words {
    match language {
        "ru" => &RU,
        "ky" => &KY,
        _ => &EN,
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A sentence with its figures, escaped.
fn say(sentence: &str, figures: &[&str]) -> String {
    let mut parts = sentence.split("{}");
    let mut out = escape(parts.next().unwrap_or(""));
    for (part, figure) in parts.zip(figures) {
        out.push_str(&escape(figure));
        out.push_str(&escape(part));
    }
    out
}

/// A risk in percent, rounded up.
fn percent(risk: f64) -> String {
    let parts = millionths(risk);
    format!("{}.{:04} %", parts / 10_000, parts % 10_000)
}

/// The title of the page.
pub fn title(language: &str) -> &'static str {
    words(language).title
}

/// The page of one audit.
pub fn page(language: &str, opened: &Opened, now: &Assessment) -> String {
    let w = words(language);
    let (plan, wrong) = (&opened.plan, now.wrong(&opened.plan));
    let verdict = match (wrong, now.complete) {
        (true, _) => w.wrong,
        (_, true) => w.certified,
        _ if now.proved() == 0 => w.nothing,
        _ => w.partial,
    };
    let mut out = format!("<h1>{}</h1><p>{}</p><h2>{}</h2>", w.title, escape(&plan.title), escape(verdict));
    let seed: String = now.seed.chars().take(16).collect();
    if !seed.is_empty() {
        out.push_str(&format!("<p>{}</p>", say(w.what, &[&seed])));
    }
    if let Some(rule) = &plan.strata {
        let name = rule.split_once(' ').map_or(rule.as_str(), |(_, name)| name);
        out.push_str(&format!("<p>{}</p>", say(w.apart, &[name, &opened.manifest.strata().len().to_string()])));
    }
    for exception in &now.exceptions {
        out.push_str(&format!("<p><strong>{}.</strong> {}</p>", w.exception, escape(exception)));
    }
    let needed = now.items.iter().filter(|item| item.needed).count().to_string();
    let (counted, proved) = (now.assessed.to_string(), now.proved().to_string());
    out.push_str(&format!("<p>{}</p>", say(w.progress, &[&counted, &plan.stations.to_string(), &proved, &needed])));
    if !now.waiting.is_empty() {
        out.push_str(&format!("<p>{}</p>", say(w.waiting, &[&now.waiting.len().to_string()])));
    }
    let sentence = if now.complete { w.proved } else { w.together };
    out.push_str(&format!("<p>{}</p>", say(sentence, &[&plan.limit])));
    out.push_str(&seats(w, now));
    out.push_str(&closest(w, now));
    out.push_str(&discrepancies(w, opened, now));
    out.push_str(&rests(w, opened));
    let command = format!("recount audit certificate RECORD-URL --plan {}", opened.trail.index);
    out.push_str(&format!("<p>{}</p><pre tabindex=\"0\"><code>{}</code></pre>", escape(w.again), escape(&command)));
    out
}

/// A table: its head, of which all but the first columns (so many) hold numbers, and its rows of escaped cells.
fn table(head: &[&str], texts: usize, rows: impl Iterator<Item = Vec<String>>) -> String {
    let class = |at: usize| if at < texts { "" } else { " class=\"n\"" };
    let named =
        head.iter().enumerate().map(|(at, name)| format!("<th scope=\"col\"{}>{}</th>", class(at), escape(name)));
    let label = escape(head.first().copied().unwrap_or(""));
    let mut out = format!(
        "<div class=\"scroll narrow\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\"><table><thead><tr>{}</tr></thead><tbody>",
        named.collect::<String>()
    );
    for row in rows {
        out.push_str("<tr>");
        for (at, cell) in row.iter().enumerate() {
            match at {
                0 => out.push_str(&format!("<th scope=\"row\"><bdi>{cell}</bdi></th>")),
                _ => out.push_str(&format!("<td{}>{cell}</td>", class(at))),
            }
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}

fn seats(w: &Words, now: &Assessment) -> String {
    let shown = now.ranges.lists.iter().filter(|own| own.high > 0);
    let rows =
        shown.map(|own| vec![escape(&own.name), own.reported.to_string(), own.low.to_string(), own.high.to_string()]);
    let mut out = table(&[w.list, w.reported, w.least, w.most], 1, rows);
    let none: Vec<&str> = now.ranges.lists.iter().filter(|own| own.high == 0).map(|own| own.name.as_str()).collect();
    if !none.is_empty() {
        out.push_str(&format!("<p>{}</p>", say(w.none, &[&none.join("; ")])));
    }
    out
}

fn closest(w: &Words, now: &Assessment) -> String {
    let mut items: Vec<_> = now.items.iter().filter(|item| item.needed && !item.proved).collect();
    if items.is_empty() {
        return String::new();
    }
    items.sort_by(|a, b| b.risk.total_cmp(&a.risk).then(a.margin.total_cmp(&b.margin)));
    let rows = items.iter().take(10).map(|item| vec![escape(&item.name), percent(item.risk)]);
    let table = table(&[w.assertion, w.risk], 1, rows);
    format!("<section><h2>{}</h2><p>{}</p>{table}</section>", w.closest, escape(w.reading))
}

fn discrepancies(w: &Words, opened: &Opened, now: &Assessment) -> String {
    if now.discrepancies.is_empty() {
        return String::new();
    }
    let rows = now.discrepancies.iter().take(50).map(|own| {
        let found = own.found.map_or("–".to_owned(), |n| n.to_string());
        vec![escape(&own.station), escape(&opened.words_of(&own.choice)), own.reported.to_string(), found]
    });
    let table = table(&[w.station, w.choice, w.stated, w.found], 2, rows);
    format!("<section><h2>{}</h2>{table}</section>", w.differ)
}

fn rests(w: &Words, opened: &Opened) -> String {
    let mut points = vec![escape(w.bounds), escape(w.people)];
    for own in opened.audit.rests() {
        points.push(match &own.source {
            Source::Box => continue,
            Source::Document(name) => say(w.document, &[&own.on, name]),
            Source::Trusted(why) => say(w.trusted, &[&own.on, why]),
        });
    }
    points.extend(opened.plan.leaves.iter().map(|own| escape(own)));
    // One sentence: what the record adds has no point of its own.
    let last = points.len().saturating_sub(1);
    let point = |(at, own): (usize, &String)| {
        format!("<li>{}{}</li>", own.trim_end_matches([';', '.']), if at == last { '.' } else { ';' })
    };
    let points: String = points.iter().enumerate().map(point).collect();
    format!("<section><h2>{}</h2><ul>{points}</ul></section>", w.trust)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_from_the_record_is_escaped() {
        assert_eq!(say("a {} b {}", &["<script>", "&"]), "a &lt;script&gt; b &amp;");
        assert_eq!(say("{}", &[]), "");
        assert_eq!(percent(0.050_000_01), "5.0001 %", "rounded up");
        assert_eq!(percent(0.0), "0.0000 %");
        for language in LANGUAGES {
            assert!(!title(language).is_empty());
        }
    }
}
