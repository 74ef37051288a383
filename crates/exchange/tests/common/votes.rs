//! Cast-vote records read, told in a line, and packed.

use std::io::Write;

use recount_exchange::Options;
use recount_exchange::cvr::{CastVotes, Format, read};

pub fn good(text: &str, format: Format) -> CastVotes {
    read(text.as_bytes(), format, &Options::default()).unwrap()
}

pub fn bad(text: &str, format: Format) -> String {
    read(text.as_bytes(), format, &Options::default()).unwrap_err().to_string()
}

/// Each card as `id: contest=choice+choice`, an overvote as `!`, a blank contest as nothing behind the sign.
pub fn told(votes: &CastVotes) -> Vec<String> {
    let contest = |vote: &recount_exchange::cvr::Vote| {
        let own = &votes.contests[vote.contest as usize];
        let marks: Vec<String> = vote
            .marks
            .iter()
            .map(|mark| match mark.rank {
                1 => own.choices[mark.choice as usize].clone(),
                rank => format!("{}#{rank}", own.choices[mark.choice as usize]),
            })
            .collect();
        format!("{}={}{}", own.name, marks.join("+"), if vote.overvoted { "!" } else { "" })
    };
    votes
        .cards
        .iter()
        .map(|card| format!("{}: {}", card.id, card.votes.iter().map(contest).collect::<Vec<_>>().join(" ")))
        .collect()
}

/// A zip archive, deflated.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in files {
        let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        deflate.write_all(data).unwrap();
        let packed = deflate.finish().unwrap();
        let four = |n: usize| u32::try_from(n).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        // Version, flags, method 8, time, checksum (not read), sizes, length of the name, no extra field.
        let head = [20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let common = [&head[..], &four(packed.len()), &four(data.len()), &length, &[0, 0]].concat();
        // Version, the same, ten bytes of no interest, the place of the file.
        directory.extend([b"PK\x01\x02", &[20, 0][..], &common, &[0; 10], &four(out.len()), name.as_bytes()].concat());
        out.extend([b"PK\x03\x04", common.as_slice(), name.as_bytes(), &packed].concat());
    }
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    let sizes = [directory.len(), out.len()].map(|n| u32::try_from(n).unwrap().to_le_bytes()).concat();
    [out, directory, [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &sizes, &[0, 0]].concat()].concat()
}
