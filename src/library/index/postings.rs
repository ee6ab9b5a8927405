//! Posting lists of a segment that is being built, packed into one arena.

/// Memory of all posting lists. Each list is a chain of chunks; the last bytes of a full chunk hold the offset of the
/// next one.
pub struct PostingArena {
    bytes: Vec<u8>,
}

impl Default for PostingArena {
    /// Offset 0 marks a list without chunks, so no chunk may start there.
    fn default() -> Self {
        Self { bytes: vec![0] }
    }
}

/// The posting list of one term in one field.
#[derive(Clone, Copy, Default)]
pub struct PostingList {
    /// Number of documents that contain the term.
    pub docs: u32,
    /// The last document that was added.
    last: u32,
    /// The last position that was added in that document.
    position: u32,
    /// Offsets of the first chunk and of the next free byte.
    head: u32,
    tail: u32,
    /// Free bytes in the last chunk, and how often the chunk size has doubled.
    room: u16,
    doublings: u8,
}

/// Size of the first chunk in bytes: enough for a term that occurs once, as half of all terms do.
const FIRST_CHUNK: usize = 12;

/// Limit on how often the chunk size doubles.
const MAX_DOUBLINGS: u8 = 12;

/// Size of the offset at the end of a full chunk, in bytes.
const LINK: usize = size_of::<u32>();

fn chunk_size(doublings: u8) -> usize {
    FIRST_CHUNK << doublings
}

impl PostingArena {
    /// Adds a document, which must not precede the last one.
    pub fn add_doc(&mut self, list: &mut PostingList, doc: u32) {
        if list.docs > 0 && list.last == doc {
            return;
        }
        // The lowest bit tells document deltas (1) from position deltas (0).
        self.push(list, (doc.wrapping_sub(list.last)) << 1 | 1);
        list.docs += 1;
        list.last = doc;
        list.position = 0;
    }

    /// Adds an occurrence at this position, which must not precede the last one in the document.
    pub fn add_position(&mut self, list: &mut PostingList, doc: u32, position: u32) {
        self.add_doc(list, doc);
        self.push(list, position.wrapping_sub(list.position) << 1);
        list.position = position;
    }

    /// Calls `visit` with each document and the deltas of its positions.
    pub fn for_each(&self, list: &PostingList, visit: &mut dyn FnMut(u32, &[u32])) {
        let mut reader = ListReader::new(self, list);
        let mut read: Option<u32> = None;
        let mut deltas = Vec::new();
        while let Some(number) = reader.number() {
            if number & 1 == 0 {
                deltas.push(number >> 1);
                continue;
            }
            if let Some(doc) = read {
                visit(doc, &deltas);
                deltas.clear();
            }
            read = Some(read.unwrap_or(0).wrapping_add(number >> 1));
        }
        if let Some(doc) = read {
            visit(doc, &deltas);
        }
    }

    /// Bytes in use. Reserved capacity does not count because its pages have not been touched.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Appends a variable-length integer: seven bits a byte, lowest first, the high bit set on all bytes but the last.
    fn push(&mut self, list: &mut PostingList, mut number: u32) {
        loop {
            let bits = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                return self.push_byte(list, bits);
            }
            self.push_byte(list, bits | 0x80);
        }
    }

    fn push_byte(&mut self, list: &mut PostingList, byte: u8) {
        if list.room == 0 {
            self.grow(list);
        }
        if let Some(place) = self.bytes.get_mut(list.tail as usize) {
            *place = byte;
        }
        list.tail += 1;
        list.room -= 1;
    }

    fn grow(&mut self, list: &mut PostingList) {
        let start = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        if list.head == 0 {
            list.head = start;
        } else {
            let link = list.tail as usize;
            if let Some(place) = self.bytes.get_mut(link..link + LINK) {
                place.copy_from_slice(&start.to_le_bytes());
            }
            list.doublings = (list.doublings + 1).min(MAX_DOUBLINGS);
        }
        let size = chunk_size(list.doublings);
        self.bytes.resize(self.bytes.len() + size, 0);
        list.tail = start;
        list.room = u16::try_from(size - LINK).unwrap_or(u16::MAX);
    }
}

/// Decodes the integers of a list.
struct ListReader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    left: usize,
    doublings: u8,
}

impl<'a> ListReader<'a> {
    fn new(postings: &'a PostingArena, list: &PostingList) -> Self {
        Self {
            bytes: &postings.bytes,
            at: list.head as usize,
            end: list.tail as usize,
            left: chunk_size(0) - LINK,
            doublings: 0,
        }
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        let mut shift = 0;
        loop {
            let byte = self.byte()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
            shift += 7;
        }
    }

    fn byte(&mut self) -> Option<u8> {
        if self.at == self.end {
            return None;
        }
        if self.left == 0 {
            let link = self.bytes.get(self.at..self.at + LINK)?;
            self.at = u32::from_le_bytes(link.try_into().ok()?) as usize;
            self.doublings = (self.doublings + 1).min(MAX_DOUBLINGS);
            self.left = chunk_size(self.doublings) - LINK;
        }
        let byte = self.bytes.get(self.at)?;
        self.at += 1;
        self.left -= 1;
        Some(*byte)
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    /// The documents of a list with the deltas of their positions.
    fn contents(postings: &PostingArena, list: &PostingList) -> Vec<(u32, Vec<u32>)> {
        let mut contents = Vec::new();
        postings.for_each(list, &mut |doc, positions| {
            contents.push((doc, positions.to_vec()));
        });
        contents
    }

    proptest! {
        #[test]
        fn lists_say_what_they_were_told(
            lists in vec(btree_map(0_u32..1 << 20, vec(0_u32..1 << 16, 0..40), 0..60), 1..4),
        ) {
            let mut postings = PostingArena::default();
            let mut written = vec![PostingList::default(); lists.len()];
            // The lists are written in turn so that their chunks interleave.
            let longest = lists.iter().map(std::collections::BTreeMap::len).max().unwrap_or(0);
            for turn in 0..longest {
                for (list, docs) in written.iter_mut().zip(&lists) {
                    if let Some((doc, deltas)) = docs.iter().nth(turn) {
                        postings.add_doc(list, *doc);
                        let mut position = 0;
                        for distance in deltas {
                            position += distance;
                            postings.add_position(list, *doc, position);
                        }
                    }
                }
            }
            for (list, docs) in written.iter().zip(lists) {
                prop_assert_eq!(list.docs as usize, docs.len());
                prop_assert_eq!(contents(&postings, list), docs.into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_list_outgrows_its_largest_piece() {
        let mut postings = PostingArena::default();
        let mut list = PostingList::default();
        for doc in 0..100_000 {
            postings.add_position(&mut list, doc, 7);
        }
        let contents = contents(&postings, &list);
        assert_eq!(contents.len(), 100_000);
        assert!(
            contents
                .iter()
                .zip(0..)
                .all(|((doc, positions), at)| *doc == at && positions == &[7])
        );
    }
}
