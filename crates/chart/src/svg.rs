//! Writing SVG: escaped text, the frame of a chart, axes.

use std::fmt::{Display, Write};

use crate::Label;

/// A picture being written. Writing to a text cannot fail, so results are dropped.
pub(crate) struct Svg(String);

impl Svg {
    /// Opens a chart of this class and size, with its title and description.
    pub(crate) fn open(class: &str, width: u64, height: u64, label: &Label<'_>) -> Self {
        let mut svg = Self(String::with_capacity(4_096));
        let (id, title, desc) = (Text(label.id), Text(label.title), Text(label.desc));
        svg.put(format_args!(
            "<svg class=\"chart {class}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{desc}</desc>"
        ));
        svg
    }

    pub(crate) fn put(&mut self, what: std::fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(what);
    }

    /// Ends the chart. One that holds links is a group of them: in a picture nobody would look for any.
    pub(crate) fn close(mut self) -> String {
        self.0.push_str("</svg>");
        if self.0.contains("<a href") { self.0.replacen("role=\"img\"", "role=\"group\"", 1) } else { self.0 }
    }

    /// A path of a class; an empty one is left out.
    pub(crate) fn path(&mut self, class: &str, data: &str) {
        if !data.is_empty() {
            self.put(format_args!("<path class=\"{class}\" d=\"{data}\"/>"));
        }
    }

    /// A text at a place, anchored `start`, `middle` or `end`.
    pub(crate) fn text(&mut self, class: &str, x: u64, y: u64, anchor: &str, text: impl Display) {
        let text = text.to_string();
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{}</text>",
            Text(&text)
        ));
    }

    /// A line between two points.
    pub(crate) fn line(&mut self, class: &str, from: (u64, u64), to: (u64, u64)) {
        self.path(class, &format!("M{} {}L{} {}", from.0, from.1, to.0, to.1));
    }
}

/// Text that is safe as content and as an attribute.
pub(crate) struct Text<'a>(pub &'a str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // Not allowed in XML at all.
                '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                    f.write_str("\u{fffd}")?;
                }
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_label_leaves_its_place() {
        let label = Label { id: "x", title: "<script>\"'&\u{1}", desc: "]]>" };
        let svg = Svg::open("bars", 10, 10, &label).close();
        assert!(svg.contains("&lt;script&gt;&quot;&#39;&amp;\u{fffd}") && svg.contains("]]&gt;"), "{svg}");
    }
}
