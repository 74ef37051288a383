//! Pages by `recount-site`.

use recount_site::{Frame, Site, Verified, Versions};

use crate::options::{Moment, Page, Pages};

impl Pages for Site {
    fn page(&self, path: &str) -> Option<Page> {
        let page = Site::page(self, path)?;
        Some(Page { media_type: page.media_type, body: page.body, embed: page.embed })
    }

    fn site(&self) -> Option<&Site> {
        Some(self)
    }
}

/// What stands around the figures of a moment.
#[must_use]
pub fn frame_of(moment: &Moment) -> Frame {
    Frame {
        base_url: moment.base_url.clone(),
        vkey: moment.log_key.clone(),
        charter: moment.charter,
        checkpoint: Some(moment.checkpoint.clone()),
        verified: Verified {
            log_key: moment.author_proved,
            charter: moment.author_proved,
            tree: true,
            statements: true,
            declarations: true,
            witnesses: 0,
        },
        before: moment.before.clone(),
        versions: if moment.earlier { Versions::Here } else { Versions::Kept },
        ..Frame::default()
    }
}
