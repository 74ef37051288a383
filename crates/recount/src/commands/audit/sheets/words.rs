//! What stands on the sheets, in three languages.

use recount_seats::Language;

/// Words of one language; `{}` takes the next figure.
pub struct Words {
    pub tag: &'static str,
    pub thousands: &'static str,
    pub title: &'static str,
    pub list: &'static str,
    pub list_text: &'static str,
    pub draw: &'static str,
    pub station: &'static str,
    pub place: &'static str,
    pub bound: &'static str,
    pub done: &'static str,
    pub audit: &'static str,
    pub copies: [&'static str; 2],
    pub at_most: &'static str,
    pub seal: &'static str,
    pub count: &'static str,
    pub what: &'static str,
    pub marks: &'static str,
    pub all: &'static str,
    pub against_all: &'static str,
    pub counted_by: &'static str,
    pub witness: &'static str,
    pub when: &'static str,
}

const EN: Words = Words {
    tag: "en",
    thousands: ",",
    title: "Tally sheets",
    list: "Stations to open",
    list_text: "In the order of the draw. Every station of the list is opened; none is passed over.",
    draw: "Draw",
    station: "Station",
    place: "Where",
    bound: "Ballots at most",
    done: "Done",
    audit: "audit of statement {} · draw {}",
    copies: ["First copy", "Second copy"],
    at_most: "Ballots at most, fixed before the draw: {}. If there are more, stop and say so: nothing is left out.",
    seal: "Seal of the box unbroken: ☐ yes ☐ no.",
    count: "Sort by list, count every pile, fill in every line, also 0. The second person fills in the other copy and does not see \
            this one.",
    what: "To be counted",
    marks: "Tally marks",
    all: "In all",
    against_all: "Against all",
    counted_by: "Counted by",
    witness: "Witness",
    when: "Date, time, new seal",
};

const RU: Words = Words {
    tag: "ru",
    thousands: "\u{a0}",
    title: "Листы пересчёта",
    list: "Участки, которые вскрываются",
    list_text: "В порядке жеребьёвки. Вскрывается каждый участок списка, ни один не пропускается.",
    draw: "Жребий",
    station: "Участок",
    place: "Где",
    bound: "Бюллетеней не больше",
    done: "Готово",
    audit: "аудит по заявлению {} · жребий {}",
    copies: ["Первый экземпляр", "Второй экземпляр"],
    at_most: "Бюллетеней не больше {}: так установлено до жеребьёвки. Если их больше, остановитесь и скажите об этом: ничего не \
              отбрасывается.",
    seal: "Печать на урне цела: ☐ да ☐ нет.",
    count: "Разложите по спискам, сосчитайте каждую стопку, заполните каждую строку, в том числе нулём. Второй человек заполняет \
            другой экземпляр и не видит этого.",
    what: "Что считается",
    marks: "Пометки счёта",
    all: "Всего",
    against_all: "Против всех",
    counted_by: "Считал(а)",
    witness: "Свидетель",
    when: "Дата, время, новая печать",
};

const KY: Words = Words {
    tag: "ky",
    thousands: "\u{a0}",
    title: "Кайра эсептөө барактары",
    list: "Ачыла турган участкалар",
    list_text: "Чүчү кулактын тартиби боюнча. Тизмедеги ар бир участка ачылат, бири да калтырылбайт.",
    draw: "Чүчү кулак",
    station: "Участка",
    place: "Кайда",
    bound: "Бюллетень эң көп",
    done: "Даяр",
    audit: "{}-билдирүүнүн аудити · чүчү кулак {}",
    copies: ["Биринчи нуска", "Экинчи нуска"],
    at_most: "Чүчү кулакка чейин белгиленген чек, бюллетень эң көп: {}. Андан көп болсо, токтоп, айтыңыз: эч нерсе калтырылбайт.",
    seal: "Урнанын мөөрү бузулган эмес: ☐ ооба ☐ жок.",
    count: "Тизмелер боюнча бөлүп, ар бир топту санап, ар бир сапты толтуруңуз, 0 болсо да. Экинчи киши башка нусканы толтурат жана \
            муну көрбөйт.",
    what: "Эмне саналат",
    marks: "Эсеп белгилери",
    all: "Баары",
    against_all: "Баарына каршы",
    counted_by: "Санаган",
    witness: "Күбө",
    when: "Күнү, убактысы, жаңы мөөр",
};

/// The words of a language.
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &EN,
        Language::Russian => &RU,
        Language::Kyrgyz => &KY,
    }
}

/// A sentence with its figures.
pub fn fill(sentence: &str, figures: &[&str]) -> String {
    let mut out = String::new();
    let mut figures = figures.iter();
    for (at, part) in sentence.split("{}").enumerate() {
        if at > 0 {
            out.push_str(figures.next().copied().unwrap_or_default());
        }
        out.push_str(part);
    }
    out
}
