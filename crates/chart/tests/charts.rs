//! Every chart: well-formed, named, deterministic, and with every figure that it was given.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "test support")]

use recount_chart::{
    Area, Bar, Bars, Choropleth, Dot, Dots, Excess, HeatMap, Histogram, Label, Line, Lines, Multiples, Small, Spikes,
    Tile, TileGrid,
};

const LABEL: Label<'_> = Label { id: "c", title: "A & B", desc: "What is seen" };

/// Tags close in order, attributes are quoted, and nothing else looks like a tag.
fn well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        let end = rest[at..].find('>').unwrap_or_else(|| panic!("a tag is not closed: {rest}")) + at;
        let tag = &rest[at + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "{tag}");
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap().to_owned());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "left open: {open:?}");
    // A picture hides what is in it from screen readers; one with links must not.
    let role = if svg.contains("<a href") { "role=\"group\"" } else { "role=\"img\"" };
    assert!(svg.contains(role) && svg.contains("<title id=\"c-t\">A &amp; B</title>"), "{svg}");
}

#[test]
fn histogram() {
    let bins: Vec<u64> = (0..1_000).map(|bin| bin % 37).collect();
    let band: Vec<(u64, u64)> = bins.iter().map(|count| (count / 2, count + 3)).collect();
    let svg = Histogram { label: LABEL, x_max: 100, bins: &bins, band: Some(&band), ticks: 20 }.svg();
    well_formed(&svg);
    assert_eq!(svg.matches("class=\"outline\"").count(), 1);
    let plain = Histogram { label: LABEL, x_max: 100, bins: &bins, band: None, ticks: 20 }.svg();
    assert!(plain.len() < 15_000 && svg.len() < 40_000, "{} and {} bytes", plain.len(), svg.len());
    well_formed(&Histogram { label: LABEL, x_max: 0, bins: &[], band: None, ticks: 0 }.svg());
    well_formed(&Histogram { label: LABEL, x_max: u64::MAX, bins: &[u64::MAX], band: None, ticks: u64::MAX }.svg());
}

#[test]
fn heat_map() {
    let rows: Vec<Vec<u64>> = (0..100).map(|y| (0..100).map(|x| (x * y) % 173).collect()).collect();
    let svg = HeatMap { label: LABEL, x: "turnout", y: "share", rows: &rows, strongest: 150 }.svg();
    well_formed(&svg);
    // One path for each of nine levels, and one square for each in the key.
    assert_eq!(svg.matches("class=\"h8\"").count(), 2);
    well_formed(&HeatMap { label: LABEL, x: "", y: "", rows: &[], strongest: 0 }.svg());
    let ragged = [vec![1, 2], vec![], vec![3, 4, 5, 6]];
    well_formed(&HeatMap { label: LABEL, x: "", y: "", rows: &ragged, strongest: 1 }.svg());
}

#[test]
fn lines_and_their_names_apart() {
    let lines = [
        Line { name: "first", series: 0, points: &[(0, 500), (10, 700), (100, 710)] },
        Line { name: "second", series: 1, points: &[(0, 100), (100, 709)] },
        Line { name: "nobody", series: 2, points: &[] },
    ];
    let chart = Lines {
        label: LABEL,
        lines: &lines,
        x_min: 0,
        x_max: 100,
        y_max: 0,
        y_unit: 100,
        level: Some((700, "7 percent")),
    };
    let svg = chart.svg();
    well_formed(&svg);
    let height = |name: &str| {
        let at = svg.find(&format!(">{name}<")).unwrap();
        let tag = &svg[..at];
        let y = tag.rfind(" y=\"").unwrap() + 4;
        tag[y..].split('"').next().unwrap().parse::<i64>().unwrap()
    };
    assert!((height("first") - height("second")).abs() >= 18);
    // Where there is no room the names stand around their points, in the order of the points.
    assert!(height("first") < height("second"));
    assert!(svg.contains("7 percent"));
    // Figures at the edge of what a number can be are drawn at the edge.
    let last = u64::MAX;
    for (x_min, x_max) in [(0, last), (last - 3, last), (last, last), (last, 0)] {
        let lines = [Line { name: "large", series: 0, points: &[(0, 0), (last, last)] }];
        well_formed(&Lines { label: LABEL, lines: &lines, x_min, x_max, y_max: 0, y_unit: 1, level: None }.svg());
    }
}

#[test]
fn bars_with_their_line() {
    let bars = [
        Bar { name: "A list with a name that is far too long for its column", series: 0, value: 24, figure: "24 %" },
        Bar { name: "B", series: 1, value: 0, figure: "0 %" },
    ];
    let svg = Bars { label: LABEL, bars: &bars, line: Some((7, "7 %")) }.svg();
    well_formed(&svg);
    assert!(svg.contains("…") && svg.contains("24 %") && svg.contains("0 %"));
    well_formed(&Bars { label: LABEL, bars: &[], line: None }.svg());
}

#[test]
fn tiles_say_their_figure_without_colour() {
    let tile = |name, level, place| Tile { name, short: "BI", figure: "7.1 %", level, place, href: Some("u/1.html") };
    let tiles = [tile("Bishkek", Some(3), (0, 0)), tile("Osh", None, (2, 1)), tile("far", Some(1), (u64::MAX, 0))];
    let svg = TileGrid { label: LABEL, tiles: &tiles }.svg();
    well_formed(&svg);
    assert!(svg.contains("<title>Bishkek: 7.1 %</title>") && svg.contains("tile none") && !svg.contains("far"));
    assert_eq!(TileGrid::places(7), [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2)]);
    assert_eq!(TileGrid::places(0), []);
}

#[test]
fn maps() {
    let dots: Vec<Dot> = (0..1_000)
        .map(|n| Dot { longitude: 69_000_000 + n * 9_000, latitude: 39_000_000 + n * 4_000, level: 9 })
        .collect();
    well_formed(&Dots { label: LABEL, dots: &dots }.svg().unwrap());
    assert!(Dots { label: LABEL, dots: &[] }.svg().is_none());
    let square = vec![(0, 0), (1_000_000, 0), (1_000_000, 1_000_000), (0, 1_000_000), (0, 0)];
    let areas = [Area { name: "<A>", figure: "5", level: Some(2), rings: vec![square], href: None }];
    let svg = Choropleth { label: LABEL, areas: &areas }.svg().unwrap();
    well_formed(&svg);
    assert!(svg.contains("<title>&lt;A&gt;: 5</title>"));
    assert!(Choropleth { label: LABEL, areas: &[] }.svg().is_none());
    assert!(!svg.contains("hatch") && !svg.contains("<text"));
    let square = |x: i32| vec![vec![(x, 0), (x + 1_000_000, 0), (x + 1_000_000, 1_000_000), (x, 1_000_000), (x, 0)]];
    let area = |name, level, x| Area { name, figure: "5", level, rings: square(x), href: None };
    let areas = [area("a", Some(2), 0), area("b", None, 1_000_000)];
    let svg = Choropleth { label: LABEL, areas: &areas }
        .marked(&["+3 <", "a text that is far too long for so small an area"])
        .unwrap();
    well_formed(&svg);
    assert!(svg.contains("+3 &lt;</text>") && !svg.contains("far too long"), "{svg}");
    assert_eq!(svg.matches("class=\"hatch\"").count(), 1);
    // The middle of the left square, a third of a line below.
    assert!(svg.contains("x=\"255\""), "{svg}");
}

#[test]
fn spikes_with_their_band() {
    let bins: Vec<u64> = (0..1_001).map(|bin| if bin == 750 { 400 } else { 90 + bin % 7 }).collect();
    let band: Vec<(u64, u64)> = vec![(70, 115); 1_001];
    let marked = [(750, "75 %".to_owned()), (752, "hidden".to_owned()), (9_999, "outside".to_owned())];
    let svg = Spikes { label: LABEL, bins: &bins, band: &band, marked: &marked, x: "turnout", y: "stations" }.svg();
    well_formed(&svg);
    assert!(svg.contains(">75 %</text>") && svg.matches("class=\"band\"").count() == 1);
    well_formed(&Spikes { label: LABEL, bins: &[], band: &[], marked: &[], x: "", y: "" }.svg());
}

#[test]
fn the_area_between_two_lines_begins_at_the_reference() {
    let (upper, lower) = (vec![5, 9, 9, 2], vec![1, 4, 4, 4]);
    let chart = Excess {
        label: LABEL,
        upper: ("leader", &upper),
        lower: Some(("others, scaled", &lower)),
        reference: Some((1, "t0")),
        x: "turnout",
        y: "votes",
    };
    let svg = chart.svg();
    well_formed(&svg);
    let area = svg.split("class=\"area\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(area.matches('Z').count(), 2, "{area}");
    well_formed(&Excess { lower: None, reference: None, ..chart }.svg());
}

#[test]
fn small_multiples() {
    let cells: Vec<(u32, u32, u64)> = (0..50).map(|at| (at, at, u64::from(at))).chain([(99, 0, 7)]).collect();
    let names: Vec<String> = (0..12).map(|unit| format!("A unit with a rather long name, number {unit}")).collect();
    let all: Vec<Small<'_>> = names.iter().map(|name| Small { name, cells: &cells }).collect();
    let svg = Multiples { label: LABEL, side: 50, all: &all }.svg();
    well_formed(&svg);
    assert_eq!(svg.matches("class=\"name\"").count(), 12);
    well_formed(&Multiples { label: LABEL, side: 0, all: &[] }.svg());
}
