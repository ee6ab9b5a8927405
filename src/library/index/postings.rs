//! Where words stand: the lists of a segment in the making, close together in memory.

/// Numbers of one list after the other, in pieces that grow and name the next one at their end.
pub struct Postings {
    bytes: Vec<u8>,
}

impl Default for Postings {
    /// No piece begins at zero.
    fn default() -> Self {
        Self { bytes: vec![0] }
    }
}

/// Where one word stands.
#[derive(Clone, Copy, Default)]
pub struct List {
    /// How many papers have it.
    pub papers: u32,
    /// The last of them.
    last: u32,
    /// Where in that it stood last.
    position: u32,
    /// The first piece, and the next byte to be written.
    head: u32,
    tail: u32,
    /// Bytes left in the last piece, and how often the pieces have doubled.
    room: u16,
    doublings: u8,
}

/// Bytes of the first piece: enough for a word that stands somewhere once, as half of all words do.
const FIRST: usize = 12;

/// Pieces double so often at most.
const DOUBLINGS: u8 = 12;

/// Bytes that say where the next piece begins.
const LINK: usize = size_of::<u32>();

fn piece(doublings: u8) -> usize {
    FIRST << doublings
}

impl Postings {
    /// The word stands in this paper, which is the last one or a later one.
    pub fn stands_in(&mut self, list: &mut List, paper: u32) {
        if list.papers > 0 && list.last == paper {
            return;
        }
        // Numbers of papers are told from positions by their lowest bit.
        self.push(list, (paper.wrapping_sub(list.last)) << 1 | 1);
        list.papers += 1;
        list.last = paper;
        list.position = 0;
    }

    /// The word stands there in this paper, behind where it stood before.
    pub fn stands_at(&mut self, list: &mut List, paper: u32, position: u32) {
        self.stands_in(list, paper);
        self.push(list, position.wrapping_sub(list.position) << 1);
        list.position = position;
    }

    /// Tells each paper that has the word, and how far each place in it is from the one before.
    pub fn each(&self, list: &List, tell: &mut dyn FnMut(u32, &[u32])) {
        let mut reader = Reader::new(self, list);
        let mut read: Option<u32> = None;
        let mut distances = Vec::new();
        while let Some(number) = reader.number() {
            if number & 1 == 0 {
                distances.push(number >> 1);
                continue;
            }
            if let Some(paper) = read {
                tell(paper, &distances);
                distances.clear();
            }
            read = Some(read.unwrap_or(0).wrapping_add(number >> 1));
        }
        if let Some(paper) = read {
            tell(paper, &distances);
        }
    }

    /// Bytes of memory. What is only set aside is none: no page of it was touched.
    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    /// Seven bits a byte, the lowest first; all bytes but the last have their highest bit set.
    fn push(&mut self, list: &mut List, mut number: u32) {
        loop {
            let bits = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                return self.push_byte(list, bits);
            }
            self.push_byte(list, bits | 0x80);
        }
    }

    fn push_byte(&mut self, list: &mut List, byte: u8) {
        if list.room == 0 {
            self.grow(list);
        }
        if let Some(place) = self.bytes.get_mut(list.tail as usize) {
            *place = byte;
        }
        list.tail += 1;
        list.room -= 1;
    }

    fn grow(&mut self, list: &mut List) {
        let begin = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        if list.head == 0 {
            list.head = begin;
        } else {
            let link = list.tail as usize;
            if let Some(place) = self.bytes.get_mut(link..link + LINK) {
                place.copy_from_slice(&begin.to_le_bytes());
            }
            list.doublings = (list.doublings + 1).min(DOUBLINGS);
        }
        let size = piece(list.doublings);
        self.bytes.resize(self.bytes.len() + size, 0);
        list.tail = begin;
        list.room = u16::try_from(size - LINK).unwrap_or(u16::MAX);
    }
}

/// Reads the numbers of a list.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    left: usize,
    doublings: u8,
}

impl<'a> Reader<'a> {
    fn new(postings: &'a Postings, list: &List) -> Self {
        Self {
            bytes: &postings.bytes,
            at: list.head as usize,
            end: list.tail as usize,
            left: piece(0) - LINK,
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
            self.doublings = (self.doublings + 1).min(DOUBLINGS);
            self.left = piece(self.doublings) - LINK;
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

    /// What a list says: papers and the distances of positions.
    fn told(postings: &Postings, list: &List) -> Vec<(u32, Vec<u32>)> {
        let mut told = Vec::new();
        postings.each(list, &mut |paper, positions| {
            told.push((paper, positions.to_vec()));
        });
        told
    }

    proptest! {
        #[test]
        fn lists_say_what_they_were_told(
            lists in vec(btree_map(0_u32..1 << 20, vec(0_u32..1 << 16, 0..40), 0..60), 1..4),
        ) {
            let mut postings = Postings::default();
            let mut written = vec![List::default(); lists.len()];
            // One entry of each in turn, so that pieces lie between each other.
            let longest = lists.iter().map(std::collections::BTreeMap::len).max().unwrap_or(0);
            for turn in 0..longest {
                for (list, papers) in written.iter_mut().zip(&lists) {
                    if let Some((paper, distances)) = papers.iter().nth(turn) {
                        postings.stands_in(list, *paper);
                        let mut position = 0;
                        for distance in distances {
                            position += distance;
                            postings.stands_at(list, *paper, position);
                        }
                    }
                }
            }
            for (list, papers) in written.iter().zip(lists) {
                prop_assert_eq!(list.papers as usize, papers.len());
                prop_assert_eq!(told(&postings, list), papers.into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn a_list_outgrows_its_largest_piece() {
        let mut postings = Postings::default();
        let mut list = List::default();
        for paper in 0..100_000 {
            postings.stands_at(&mut list, paper, 7);
        }
        let told = told(&postings, &list);
        assert_eq!(told.len(), 100_000);
        assert!(
            told.iter()
                .zip(0..)
                .all(|((paper, positions), at)| *paper == at && positions == &[7])
        );
    }
}
