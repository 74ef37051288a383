//! A web server of a few lines for the tests: one request per connection.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

pub struct Request {
    pub path: String,
    /// The codings that the client takes.
    pub accepts: String,
    pub body: Vec<u8>,
}

pub struct Answer {
    pub status: u16,
    pub headers: Vec<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Answer {
        Answer { status, headers: Vec::new(), body: body.into() }
    }
}

/// Serves on a free port for as long as the test runs, and returns the address.
pub fn serve(answer: impl Fn(Request) -> Answer + Send + Sync + 'static) -> String {
    accept(move |stream| drop(handle(stream, &answer)))
}

/// Takes connections on a free port, each on a thread of its own, and returns the address.
fn accept(each: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let each = Arc::new(each);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let each = each.clone();
            std::thread::spawn(move || each(stream.unwrap()));
        }
    });
    address
}

fn handle(mut stream: TcpStream, answer: &dyn Fn(Request) -> Answer) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    let mut accepts = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("accept-encoding:") {
            accepts = value.trim().to_owned();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let path = first.split(' ').nth(1).unwrap_or("/").to_owned();
    let answer = answer(Request { path, accepts, body });
    let mut head =
        format!("HTTP/1.1 {} x\r\nContent-Length: {}\r\nConnection: close\r\n", answer.status, answer.body.len());
    for header in answer.headers {
        head.push_str(&header);
        head.push_str("\r\n");
    }
    stream.write_all(head.as_bytes())?;
    stream.write_all(b"\r\n")?;
    stream.write_all(&answer.body)
}

/// Answers every connection by hand: whatever `answer` writes, then nothing.
pub fn serve_raw(answer: impl Fn(&str, &mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> String {
    accept(move |mut stream| {
        let mut first = String::new();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let _ = reader.read_line(&mut first);
        // The client gives up on most of these: writing then fails, and the thread ends.
        let _ = answer(first.split(' ').nth(1).unwrap_or("/"), &mut stream);
    })
}
