//! Cast-vote records: the same four cards in every format, and what is broken in each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "common/votes.rs"]
mod votes;

use recount_exchange::Options;
use recount_exchange::cvr::{Batch, CvrError, Format, read, read_manifest};
use votes::{archive, bad, good, told};

#[test]
fn dominion() {
    let text = "Village 2027,5.2,,,,,,,,,,,\n\
        ,,,,,,,,Mayor (Vote For=1),Mayor (Vote For=1),Council (North) (Vote For=2),Council (North) (Vote For=2),Council (North) (Vote For=2)\n\
        ,,,,,,,,Ann,Bob,X,Y,Z\n\
        CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,NP,NP,,,\n\
        1,=\"10\",3,1,10-3-1,Election Day,P1,B1,1,0,1,1,0\n\
        2,10,3,2,,Mail,P1,B1,1,1,0,0,0\n\
        3,10,4,1,10-4-1,Mail,P2,B2,0,0,,,\n";
    let votes = good(text, Format::Dominion);
    assert_eq!(
        told(&votes),
        ["10-3-1: Mayor=Ann Council (North)=X+Y", "10-3-2: Mayor=Ann+Bob! Council (North)=", "10-4-1: Mayor="]
    );
    assert_eq!(votes.contests[1].vote_for, Some(2));
    assert_eq!(votes.batches, ["10-3", "10-4"]);
    assert_eq!(votes.styles, ["B1", "B2"]);
    assert_eq!(votes.totals(), [(3, vec![1, 0]), (2, vec![1, 1, 0])]);
    let ranked = "R,1,,,,,,,,,,\n,,,,,,,,\"Mayor (Number of positions=1, Number of ranks=2)\",\"Mayor (Number of positions=1, Number of ranks=2)\",\"Mayor (Number of positions=1, Number of ranks=2)\",\"Mayor (Number of positions=1, Number of ranks=2)\"\n\
        ,,,,,,,,Ann(1),Ann(2),Bob(1),Bob(2)\n\
        CvrNumber,TabulatorNum,BatchId,RecordId,ImprintedId,CountingGroup,PrecinctPortion,BallotType,,,,\n\
        1,1,1,1,a,,,,0,1,1,0\n2,1,1,2,b,,,,1,0,1,0\n";
    assert_eq!(told(&good(ranked, Format::Dominion)), ["a: Mayor=Bob+Ann#2", "b: Mayor=Ann+Bob!"]);
    assert!(
        bad(&text.replace("1,1,0\n", "1,2,0\n"), Format::Dominion)
            .starts_with("line 5: column 12 should hold 1, 0 or nothing")
    );
    assert!(bad(&text.replace("CvrNumber", "Number"), Format::Dominion).contains("CvrNumber"));
    assert!(bad("a\n", Format::Dominion).contains("heads"));
}

#[test]
fn es_and_s() {
    let text = "Cast Vote Record,Batch,Ballot Status,Precinct,Ballot Style,Mayor,Council,Council\n\
        1,B1,Not Reviewed,P1,S1,Ann,X,Y\n\
        2,B1,Not Reviewed,P1,S1,overvote,undervote,undervote\n\
        3,B2,Not Reviewed,P2,S2,undervote,,\n\
        4,B2,Not Reviewed,P2,S1,write-in:image,Z,undervote\n";
    let votes = good(text, Format::Ess);
    assert_eq!(
        told(&votes),
        ["1: Mayor=Ann Council=X+Y", "2: Mayor=! Council=", "3: Mayor=", "4: Mayor=write-in Council=Z"]
    );
    assert_eq!(votes.contests[1].vote_for, Some(2));
    assert!(bad("Batch,Mayor\nB1,Ann\n", Format::Ess).contains("Cast Vote Record"));
    assert!(bad(&format!("{text},B,,,,Ann,,\n"), Format::Ess).starts_with("line 6"));
}

#[test]
fn clear_ballot() {
    let text = "RowNumber,BoxID,BoxPosition,BallotID,PrecinctID,BallotStyleID,PrecinctStyleName,ScanComputerName,Status,Remade,\
        Choice_1_1:Measure 5: Bonds:Vote For 1:Yes:Non-Partisan,Choice_2_1:Measure 5: Bonds:Vote For 1:No:Non-Partisan,Choice_3_1:Mayor:Vote For 1:Ann:NP\n\
        1,BOX-1,1,BOX-1+1,P1,S1,x,c,done,0,1,0,1\n2,BOX-1,2,BOX-1+2,P1,S1,x,c,done,0,1,1,\n";
    let votes = good(text, Format::ClearBallot);
    assert_eq!(told(&votes), ["BOX-1+1: Measure 5: Bonds=Yes Mayor=Ann", "BOX-1+2: Measure 5: Bonds=Yes+No!"]);
    assert!(bad("BallotID,Choice_1:x\n", Format::ClearBallot).contains("Vote For"));
}

const HART: &str = "<?xml version=\"1.0\"?><CastVoteRecord xmlns=\"http://tempuri.org/CVRDesign.xsd\"><Contests>\
    <Contest><Name>Mayor</Name><Id>1</Id><Options><Option><Name>Ann &amp; co</Name><Id>2</Id><Value>1</Value></Option></Options></Contest>\
    <Contest><Name>Council</Name><Id>3</Id><Options /><Undervotes>1</Undervotes></Contest>\
    </Contests><BatchSequence>1</BatchSequence><SheetNumber>1</SheetNumber><PrecinctSplit><Name>P1</Name><Id>4</Id></PrecinctSplit>\
    <BatchNumber>7</BatchNumber><CvrGuid>guid-1</CvrGuid></CastVoteRecord>";

#[test]
fn hart() {
    let expected = ["guid-1: Mayor=Ann & co Council="];
    assert_eq!(told(&good(HART, Format::Hart)), expected);
    let zip = archive(&[("cards/1.xml", HART.as_bytes())]);
    let votes = read(zip.as_slice(), Format::Hart, &Options::default()).unwrap();
    assert_eq!(told(&votes), expected);
    assert_eq!((votes.batches.as_slice(), votes.styles.as_slice()), (&["7".to_owned()][..], &["P1".to_owned()][..]));
    let small = Options { max_bytes: 700, ..Options::default() };
    let large = archive(&[("1.xml", &[HART.as_bytes(), &[b' '; 5000]].concat())]);
    assert!(matches!(read(large.as_slice(), Format::Hart, &small), Err(CvrError::TooLarge(700))));
    for cut in 0..zip.len() {
        assert!(read(&zip[..cut], Format::Hart, &Options::default()).is_err());
    }
}

const NIST: &str = r#"{"@type":"CVR.CastVoteRecordReport","Version":"1.0.0","CVR":[
  {"UniqueId":"u1","BatchId":"b","BallotStyleId":"s","CurrentSnapshotId":"n2","CVRSnapshot":[
    {"@id":"n1","CVRContest":[{"ContestId":"c1","CVRContestSelection":[{"ContestSelectionId":"x1","SelectionPosition":[{"HasIndication":"yes","NumberVotes":1}]}]}]},
    {"@id":"n2","CVRContest":[
      {"ContestId":"c1","Overvotes":0,"CVRContestSelection":[
        {"ContestSelectionId":"x1","SelectionPosition":[{"HasIndication":"yes","IsAllocable":"no","NumberVotes":1}]},
        {"ContestSelectionId":"x2","SelectionPosition":[{"HasIndication":"yes","NumberVotes":1}]}]},
      {"ContestId":"c2","CVRContestSelection":[
        {"ContestSelectionId":"y1","Rank":2,"SelectionPosition":[{"HasIndication":"yes","NumberVotes":1}]},
        {"ContestSelectionId":"y2","SelectionPosition":[{"HasIndication":"yes","NumberVotes":1,"Rank":1}]}]}]}]},
  {"CVRSnapshot":[{"CVRContest":[{"ContestId":"c1","Overvotes":1}]}]}],
 "Election":[{"Candidate":[{"@id":"k1","Name":"Ann"},{"@id":"k2","Name":"Bob"}],
  "Contest":[{"@id":"c1","Name":"Mayor","VotesAllowed":1,"ContestSelection":[{"@id":"x1","CandidateIds":["k1"]},{"@id":"x2","CandidateIds":["k2"]}]},
   {"@id":"c2","Name":"Measure","ContestSelection":[{"@id":"y1","Selection":"Yes"},{"@id":"y2","Selection":"No"}]}]}]}"#;

/// The JSON form as XML: keys are elements, `@id` is an attribute.
fn as_xml(name: &str, value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Array(items) if name == "CandidateIds" => {
            let ids: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
            format!("<cdf:{name}>{}</cdf:{name}>", ids.join(" "))
        }
        Value::Array(items) => items.iter().map(|item| as_xml(name, item)).collect(),
        Value::Object(map) => {
            let id = map.get("@id").and_then(Value::as_str).map_or(String::new(), |id| format!(" ObjectId=\"{id}\""));
            let inner: String =
                map.iter().filter(|(key, _)| !key.starts_with('@')).map(|(key, value)| as_xml(key, value)).collect();
            format!("<cdf:{name}{id}>{inner}</cdf:{name}>")
        }
        Value::String(text) => format!("<cdf:{name}>{text}</cdf:{name}>"),
        other => format!("<cdf:{name}>{other}</cdf:{name}>"),
    }
}

#[test]
fn nist() {
    let expected = ["u1: Mayor=Bob Measure=No+Yes#2", "2: Mayor=!"];
    let votes = good(NIST, Format::NistJson);
    assert_eq!(told(&votes), expected);
    assert_eq!(votes.contests[0].vote_for, Some(1));
    let value: serde_json::Value = serde_json::from_str(NIST).unwrap();
    let xml = as_xml("CastVoteRecordReport", &value);
    assert_eq!(good(&xml, Format::NistXml), votes);
    assert!(bad("{}", Format::NistJson).contains("neither"));
    assert!(bad("{", Format::NistJson).starts_with("line 1"));
    assert!(bad("<a/>", Format::NistXml).contains("CastVoteRecordReport"));
}

#[test]
fn plain() {
    let text = "card,batch,style,contest,choice,rank,overvote\n1,b,s,Mayor,Ann,,\n1,b,s,Council,X,1,\n1,b,s,Council,Y,2,\n2,b,s,Mayor,,,true\n3,,,Mayor,,,\n";
    let votes = good(text, Format::Plain);
    assert_eq!(told(&votes), ["1: Mayor=Ann Council=X+Y#2", "2: Mayor=!", "3: Mayor="]);
    assert_eq!(votes.cards[2].batch, None);
    assert!(bad(&format!("{text}1,b,s,Mayor,Ann,,\n"), Format::Plain).contains("do not stand together"));
    assert!(bad(&format!("{text}4,b,s,Mayor,Ann,0,\n"), Format::Plain).starts_with("line 7"));
}

#[test]
fn manifests() {
    let read = |text: &str| read_manifest(text.as_bytes(), &Options::default());
    let batch = |name: &str, cards| Batch { name: name.to_owned(), cards };
    assert_eq!(
        read("Container,Tabulator,Batch Name,Number of Ballots\nA,1,x,20\nA,1,y,0\nTotal,,,20\n").unwrap(),
        [batch("A-1-x", 20), batch("A-1-y", 0)]
    );
    assert_eq!(read("batch,cards\nx,3\n").unwrap(), [batch("x", 3)]);
    assert_eq!(read("Tray #,Tabulator Number,Batch Number,Total Ballots\n1,99,4,10\n").unwrap(), [batch("1-99-4", 10)]);
    assert!(read("batch,cards\nx,3\nx,4\n").unwrap_err().to_string().contains("twice"));
    assert!(read("batch,cards\nx,-3\n").unwrap_err().to_string().starts_with("line 2"));
    assert!(read("a,b\n").is_err());
}

#[test]
fn any_bytes_are_read_or_refused() {
    let texts = [
        HART.as_bytes().to_vec(),
        NIST.as_bytes().to_vec(),
        archive(&[("1.xml", HART.as_bytes())]),
        vec![0xff; 50],
        Vec::new(),
    ];
    for text in texts {
        for format in Format::ALL {
            for step in [1, 7, 31] {
                let mut changed = text.clone();
                for at in (0..changed.len()).step_by(step * 13) {
                    changed[at] = changed[at].wrapping_add(u8::try_from(step).unwrap());
                }
                let _ = read(changed.as_slice(), format, &Options::default());
            }
        }
    }
}
