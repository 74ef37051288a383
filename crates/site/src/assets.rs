//! Files that pages ask for below `assets/`: the stylesheet, and every script that lies in the crate's folder of that name.

include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// The files of `locales/`: language tag and text.
pub(crate) fn locales() -> &'static [(&'static str, &'static str)] {
    LOCALE_FILES
}

/// The names of all files below `assets/`.
pub fn assets() -> impl Iterator<Item = &'static str> {
    ASSET_FILES.iter().map(|(name, _)| *name)
}

/// A file below `assets/` by name, with its media type.
#[must_use]
pub fn asset(name: &str) -> Option<(&'static str, &'static [u8])> {
    let (_, bytes) = ASSET_FILES.iter().find(|(own, _)| *own == name)?;
    Some((media_type(name), bytes))
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}
