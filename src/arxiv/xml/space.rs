//! XML namespaces: which prefix is bound to which vocabulary, at each depth.

use quick_xml::events::BytesStart;

/// The vocabularies of arXiv's feeds. Their URIs are accepted with `http` and `https`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::arxiv) enum Space {
    Atom,
    Arxiv,
    OpenSearch,
    /// Dublin Core.
    Dc,
    Other,
}

impl Space {
    fn of(uri: &str) -> Self {
        match uri {
            "http://www.w3.org/2005/Atom" => Self::Atom,
            "http://arxiv.org/schemas/atom" | "https://arxiv.org/schemas/atom" => Self::Arxiv,
            "http://a9.com/-/spec/opensearch/1.1/" | "https://a9.com/-/spec/opensearch/1.1/" => {
                Self::OpenSearch
            }
            "http://purl.org/dc/elements/1.1/" | "https://purl.org/dc/elements/1.1/" => Self::Dc,
            _ => Self::Other,
        }
    }
}

struct Binding {
    depth: usize,
    prefix: String,
    space: Space,
}

/// The declarations in scope.
pub(super) struct Bindings {
    declared: Vec<Binding>,
    /// The default namespace, cached because most elements have no prefix.
    default: Space,
}

/// Declarations in scope at once, each of which slows every lookup. arXiv's feeds have four.
const MAX_BINDINGS: usize = 64;

impl Bindings {
    pub(super) fn new() -> Self {
        Self {
            declared: Vec::new(),
            default: Space::Atom,
        }
    }

    /// Adds the declarations of a tag.
    pub(super) fn enter(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), String> {
        if !tag.attributes_raw().contains("xmlns") {
            return Ok(());
        }
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|fault| fault.to_string())?;
            let key = attribute.key.as_ref();
            let prefix = match key.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':') {
                    Some(prefix) => prefix,
                    None => continue,
                },
                None => continue,
            };
            if self.declared.len() == MAX_BINDINGS {
                return Err(format!("more than {MAX_BINDINGS} namespaces"));
            }
            self.declared.push(Binding {
                depth,
                prefix: prefix.to_owned(),
                space: Space::of(attribute.value.trim()),
            });
        }
        self.default = self.find("");
        Ok(())
    }

    /// Removes the declarations of this depth and below.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|binding| binding.depth >= depth) {
            self.declared.pop();
            self.default = self.find("");
        }
    }

    /// Returns the vocabulary of a prefix. An undeclared prefix has the meaning that arXiv gives it, since feeds of some
    /// years lacked declarations.
    pub(super) fn resolve(&self, prefix: &str) -> Space {
        if prefix.is_empty() {
            self.default
        } else {
            self.find(prefix)
        }
    }

    fn find(&self, prefix: &str) -> Space {
        let declared = self
            .declared
            .iter()
            .rev()
            .find(|binding| binding.prefix == prefix);
        match (declared, prefix) {
            (Some(binding), _) => binding.space,
            (None, "") => Space::Atom,
            (None, "arxiv") => Space::Arxiv,
            (None, "opensearch") => Space::OpenSearch,
            (None, "dc") => Space::Dc,
            (None, _) => Space::Other,
        }
    }
}
