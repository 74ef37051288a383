//! What can be wrong with papers, or with the text that they are read from.

use crate::words::say::reasons;

reasons! {
    /// What is wrong, and what to write.
    #[non_exhaustive]
    PaperFault {
        /// An empty text.
        Empty {
            en: "the text is empty", ru: "текст пуст", ky: "текст бош",
        }
        /// No numbers of candidates and seats at the head.
        Head {
            en: "write the number of candidates and the number of seats",
            ru: "напишите число кандидатов и число мандатов",
            ky: "талапкерлердин санын жана мандаттардын санын жазыңыз",
        }
        /// More candidates than are counted.
        Candidates(most: usize) {
            en: "at most {most} candidates are counted",
            ru: "считается не более кандидатов, чем {most}",
            ky: "эң көбү {most} талапкер эсептелет",
        }
        /// Papers without an end.
        NoEnd {
            en: "the papers do not end: a line `0` must follow the last of them",
            ru: "бюллетени не заканчиваются: после последнего нужна строка `0`",
            ky: "бюллетендер бүтпөйт: акыркысынан кийин `0` сабы керек",
        }
        /// Equal ranks.
        Equal(word: String) {
            en: "`{word}` ranks candidates equally; no count here gives equal ranks a meaning",
            ru: "`{word}` ставит кандидатов на одно место; ни один подсчёт здесь этого не понимает",
            ky: "`{word}` талапкерлерди бир орунга коёт; бул жердеги бир да эсептөө муну түшүнбөйт",
        }
        /// A skipped rank.
        Skip {
            en: "`-` skips a rank; write the paper as the law reads it (usually it ends there)",
            ru: "`-` пропускает место; напишите бюллетень так, как его читает закон (обычно он здесь заканчивается)",
            ky: "`-` орунду калтырып кетет; бюллетенди мыйзам окугандай жазыңыз (адатта ал ушул жерде бүтөт)",
        }
        /// A paper of a fractional weight.
        Fractional(word: String) {
            en: "`{word}`: papers are whole",
            ru: "`{word}`: бюллетени целые",
            ky: "`{word}`: бюллетендер бүтүн",
        }
        /// No whole number.
        NotWhole(word: String) {
            en: "`{word}` is not a whole number",
            ru: "`{word}` не целое число",
            ky: "`{word}` бүтүн сан эмес",
        }
        /// A withdrawal after the papers began.
        LateWithdrawal {
            en: "withdrawn candidates stand before the papers",
            ru: "снявшиеся кандидаты указываются до бюллетеней",
            ky: "чыгып кеткен талапкерлер бюллетендерден мурун көрсөтүлөт",
        }
        /// A withdrawal of one who does not stand.
        WithdrawnUnknown(who: u64) {
            en: "candidate {who} has withdrawn but does not stand",
            ru: "кандидат {who} снялся, но и не участвует",
            ky: "{who} талапкери чыгып кеткен, бирок катышпайт да",
        }
        /// Names before the end of the papers.
        EarlyNames {
            en: "names begin before a line `0` has ended the papers",
            ru: "имена начинаются до строки `0`, которой заканчиваются бюллетени",
            ky: "аттар бюллетендерди бүтүргөн `0` сабынан мурун башталат",
        }
        /// A bracket without an end.
        OpenBracket {
            en: "the bracket of an id is not closed",
            ru: "скобка id не закрыта",
            ky: "id кашаасы жабылган эмес",
        }
        /// A paper without its end.
        NoZero {
            en: "a paper ends with 0",
            ru: "бюллетень заканчивается нулём",
            ky: "бюллетень 0 менен бүтөт",
        }
        /// A name without quotation marks.
        Unquoted {
            en: "names stand in quotation marks",
            ru: "имена стоят в кавычках",
            ky: "аттар тырмакчада турат",
        }
        /// Too many or too few names.
        Names(names: usize, standing: usize) {
            en: "{names} names follow for {standing} candidates (and, if you like, a title)",
            ru: "имён {names}, а кандидатов {standing} (и, если хотите, заголовок)",
            ky: "аттар {names}, ал эми талапкерлер {standing} (кааласаңыз, аталышы да)",
        }
        /// A table without its header.
        Header {
            en: "the header is `count,1,2,3` (or `1,2,3` if every line is one paper)",
            ru: "заголовок таблицы: `count,1,2,3` (или `1,2,3`, если каждая строка это один бюллетень)",
            ky: "таблицанын башы: `count,1,2,3` (же `1,2,3`, эгер ар бир сап бир бюллетень болсо)",
        }
        /// More cells than columns.
        Cells(cells: usize, columns: usize) {
            en: "{cells} cells under {columns} columns",
            ru: "ячеек {cells}, а столбцов {columns}",
            ky: "уячалар {cells}, ал эми мамычалар {columns}",
        }
        /// No number of papers.
        NotPapers(cell: String) {
            en: "`{cell}` is not a number of papers",
            ru: "`{cell}` не число бюллетеней",
            ky: "`{cell}` бюллетендердин саны эмес",
        }
        /// A gap among the preferences.
        Gap(cell: String) {
            en: "a gap stands before `{cell}`; write the paper as the law reads it",
            ru: "перед `{cell}` пропуск; напишите бюллетень так, как его читает закон",
            ky: "`{cell}` алдында боштук бар; бюллетенди мыйзам окугандай жазыңыз",
        }
        /// Text after a quotation.
        AfterQuote {
            en: "text follows a closing quotation mark",
            ru: "после закрывающей кавычки есть текст",
            ky: "жабуучу тырмакчадан кийин текст бар",
        }
        /// A quotation without an end.
        OpenQuote {
            en: "a quotation mark is not closed on this line",
            ru: "кавычка не закрыта на этой строке",
            ky: "тырмакча бул сапта жабылган эмес",
        }
        /// Nobody is named.
        NoAlternatives {
            en: "no line `# ALTERNATIVE NAME 1: ...` names a candidate",
            ru: "нет строки `# ALTERNATIVE NAME 1: ...` с кандидатом",
            ky: "талапкерди атаган `# ALTERNATIVE NAME 1: ...` сабы жок",
        }
        /// Other papers than announced.
        Voters(voters: u64, papers: u64) {
            en: "{voters} voters are announced, {papers} papers follow",
            ru: "объявлено избирателей: {voters}, а бюллетеней {papers}",
            ky: "жарыяланган шайлоочулар: {voters}, ал эми бюллетендер {papers}",
        }
        /// Candidates out of order.
        Alternative(expected: usize) {
            en: "alternative {expected} comes next: they are named in order",
            ru: "дальше идёт номер {expected}: кандидаты называются по порядку",
            ky: "кийинкиси {expected}: талапкерлер ирети менен аталат",
        }
        /// A candidate named after the papers began.
        LateNames {
            en: "candidates are named before the papers",
            ru: "кандидаты называются до бюллетеней",
            ky: "талапкерлер бюллетендерден мурун аталат",
        }
        /// No number of voters.
        NotVoters(value: String) {
            en: "`{value}` is not a number of voters",
            ru: "`{value}` не число избирателей",
            ky: "`{value}` шайлоочулардын саны эмес",
        }
        /// Equal ranks in braces.
        Braces {
            en: "braces rank candidates equally; no count here gives equal ranks a meaning (use a .soc or .soi file)",
            ru: "фигурные скобки ставят кандидатов на одно место; ни один подсчёт здесь этого не понимает (нужен .soc или .soi)",
            ky: "фигуралуу кашаалар талапкерлерди бир орунга коёт; бул жердеги бир да эсептөө муну түшүнбөйт (.soc же .soi керек)",
        }
        /// A paper without its number.
        NoColon {
            en: "a paper is written `count: 1,2,3`, with the candidates' numbers",
            ru: "бюллетень пишется `count: 1,2,3`, с номерами кандидатов",
            ky: "бюллетень `count: 1,2,3` деп, талапкерлердин номерлери менен жазылат",
        }
        /// No name, or one that another has.
        Unnamed(id: String) {
            en: "the candidate `{id}` is without a name or stands twice; give each a name of their own",
            ru: "кандидат `{id}` без имени или указан дважды; дайте каждому своё имя",
            ky: "`{id}` талапкеринин аты жок же ал эки жолу көрсөтүлгөн; ар кимге өз атын бериңиз",
        }
        /// One who is ranked and does not stand.
        NotStanding(id: String) {
            en: "`{id}` is ranked but does not stand",
            ru: "`{id}` назван в бюллетене, но не участвует",
            ky: "`{id}` бюллетенде аталган, бирок катышпайт",
        }
        /// A number that no candidate has.
        NoSuchNumber(number: usize, candidates: usize) {
            en: "candidate number {number} is ranked, there are {candidates}",
            ru: "назван кандидат номер {number}, а кандидатов {candidates}",
            ky: "{number} номериндеги талапкер аталган, ал эми талапкерлер {candidates}",
        }
        /// No preference at all.
        NoPreference {
            en: "a paper without a first preference is not valid; leave it out",
            ru: "бюллетень без первого предпочтения недействителен; уберите его",
            ky: "биринчи артыкчылыгы жок бюллетень жараксыз; аны алып салыңыз",
        }
        /// One who is ranked twice.
        Twice(who: String) {
            en: "`{who}` is ranked twice on one paper",
            ru: "`{who}` назван в одном бюллетене дважды",
            ky: "`{who}` бир бюллетенде эки жолу аталган",
        }
        /// Too many papers.
        Papers(most: u64) {
            en: "more than {most} papers",
            ru: "бюллетеней больше, чем {most}",
            ky: "бюллетендердин саны чектен ашты: {most}",
        }
        /// Too many groups of papers.
        Groups(most: usize) {
            en: "more than {most} groups of papers; join equal ones",
            ru: "групп бюллетеней больше, чем {most}; объедините одинаковые",
            ky: "бюллетендердин топтору чектен ашты: {most}; бирдейлерин бириктириңиз",
        }
    }
}
