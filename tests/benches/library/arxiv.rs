//! An arXiv on loopback that answers at once, with an invented paper for every identifier.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Starts it, and gives the URL of its query API. It ends with the process.
pub fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that went away is no reason to stop.
            let _ = answer(stream);
        }
    });
    format!("http://{address}/api/query")
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::from("-");
    while !header.trim().is_empty() {
        header.clear();
        reader.read_line(&mut header)?;
    }
    let ids = request
        .split(['?', '&', ' '])
        .find_map(|part| part.strip_prefix("id_list="))
        .unwrap_or_default();
    let ids = ids.replace("%2C", ",");
    let feed = feed(&ids.split(',').filter(|id| !id.is_empty()).collect::<Vec<_>>());
    stream.write_all(
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/atom+xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{feed}",
            feed.len()
        )
        .as_bytes(),
    )
}

fn feed(ids: &[&str]) -> String {
    let mut feed = format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns:opensearch=\"http://a9.com/-/spec/opensearch/1.1/\" \
         xmlns:arxiv=\"http://arxiv.org/schemas/atom\" xmlns=\"http://www.w3.org/2005/Atom\">\n  \
         <opensearch:itemsPerPage>{0}</opensearch:itemsPerPage>\n  \
         <opensearch:totalResults>{0}</opensearch:totalResults>\n  \
         <opensearch:startIndex>0</opensearch:startIndex>\n",
        ids.len()
    );
    for id in ids {
        let _ = write!(
            feed,
            "  <entry>\n    <id>http://arxiv.org/abs/{id}v1</id>\n    <title>The Late Lantern {id}</title>\n    \
             <updated>2026-01-05T06:07:08Z</updated>\n    <link href=\"https://arxiv.org/abs/{id}v1\" \
             rel=\"alternate\" type=\"text/html\"/>\n    <summary>We show a late lantern, and a model of its light. \
             {}</summary>\n    <category term=\"cs.LG\" scheme=\"http://arxiv.org/schemas/atom\"/>\n    \
             <published>2026-01-05T06:07:08Z</published>\n    <arxiv:primary_category term=\"cs.LG\"/>\n    \
             <author>\n      <name>Anna Lantern</name>\n    </author>\n  </entry>\n",
            "It burns longer than those before it. ".repeat(25)
        );
    }
    feed.push_str("</feed>\n");
    feed
}
