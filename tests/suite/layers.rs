//! Which module imports which, read from the sources: no layer imports one above it, and no files import each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A layer and what it may import of ours. `error` converts the errors of every layer below it.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("net", &["model"]),
    ("arxiv", &["model", "net"]),
    ("catalog", &["model"]),
    ("read", &["model"]),
    ("refs", &["model"]),
    ("library", &["model"]),
    ("format", &["model"]),
    (
        "lookup",
        &["model", "net", "catalog", "arxiv", "read", "refs", "library"],
    ),
    (
        "error",
        &[
            "model", "net", "catalog", "arxiv", "read", "refs", "library", "format", "lookup",
        ],
    ),
    ("settings", &["model", "error"]),
    ("ui", &["model", "format", "error"]),
    (
        "app",
        &[
            "model", "net", "catalog", "arxiv", "read", "refs", "library", "format", "lookup", "settings",
            "ui", "error",
        ],
    ),
    (
        "commands",
        &[
            "model", "net", "catalog", "arxiv", "read", "refs", "library", "format", "lookup", "settings",
            "ui", "error", "app", "manual",
        ],
    ),
    ("manual", &[]),
    ("cli", &["model", "commands"]),
    (
        "lib",
        &["model", "cli", "commands", "app", "settings", "ui", "error"],
    ),
    ("main", &["lib"]),
];

#[test]
fn no_layer_imports_what_it_may_not() {
    let mut wrong = Vec::new();
    for source in sources() {
        let layer = source.layer();
        let (_, allowed) = MAY_IMPORT
            .iter()
            .find(|(name, _)| *name == layer)
            .unwrap_or_else(|| panic!("{}: `{layer}` is not a layer", source.file));
        for (line, path) in &source.imports {
            let Some(target) = path.first() else { continue };
            if target != layer && !allowed.contains(&target.as_str()) {
                wrong.push(format!("{}:{line}: {layer} imports {target}", source.file));
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden imports:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_import_each_other() {
    let circles = circles(&sources());
    let shown: Vec<String> = circles.iter().map(|circle| circle.join(" ")).collect();
    assert!(circles.is_empty(), "circles of files:\n{}", shown.join("\n"));
}

#[test]
fn imports_are_seen_in_every_form() {
    let text = "use crate::{format, ui::Ui};\nuse super::super::settings::Settings;\nlet x = crate::cli::parse();\n\
         // crate::comment::Comment\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\n";
    let source = Source::parse("src/arxiv/gate.rs", text);
    let targets: Vec<String> = source
        .imports
        .iter()
        .map(|(line, path)| format!("{line} {}", path.join("::")))
        .collect();
    assert_eq!(
        targets,
        ["1 format", "1 ui::Ui", "2 settings::Settings", "3 cli::parse"]
    );
    let deeper = Source::parse("src/model/id/forms.rs", "use super::super::text;");
    assert_eq!(deeper.imports[0].1, ["model", "text"]);
}

#[test]
fn a_circle_is_seen_through_a_re_export_and_a_module_with_its_children_is_none() {
    let sources = [
        Source::parse("src/app/mod.rs", "mod a;\nmod b;\npub use a::{A, self as c};\n"),
        Source::parse("src/app/a.rs", "use crate::app::b::{B, X as Y};\n"),
        Source::parse("src/app/b.rs", "use crate::app::A;\nuse super::Unknown;\n"),
        Source::parse("src/app/c/mod.rs", "mod d;\nuse self::d::D;\n"),
        Source::parse("src/app/c/d.rs", "use super::C;\nuse crate::app::a::A;\n"),
    ];
    assert_eq!(circles(&sources), [["src/app/a.rs", "src/app/b.rs"]]);
}

/// A source file and what it imports.
struct Source {
    /// `src/model/id/forms.rs`.
    file: String,
    /// `[model, id, forms]`; empty for `lib.rs`.
    module: Vec<String>,
    /// Every path that starts with `crate`, `self` or `super`, from the root of the crate, with its line.
    imports: Vec<(usize, Vec<String>)>,
    /// The names that the module re-exports, with their paths.
    exports: BTreeMap<String, Vec<String>>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    for file in rust_files(&root.join("src")) {
        let name = file.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        sources.push(Source::parse(&name, &fs::read_to_string(&file).unwrap()));
    }
    sources
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

impl Source {
    fn parse(file: &str, text: &str) -> Self {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let lines = code
            .lines()
            .map(|line| line.split("//").next().unwrap_or_default());
        let code = lines.collect::<Vec<_>>().join("\n");
        let mut source = Self {
            file: file.to_owned(),
            module: module_path(file),
            imports: Vec::new(),
            exports: BTreeMap::new(),
        };
        for (at, _) in code.match_indices("::") {
            let head = word_before(&code, at);
            let start = at - head.len();
            let is_first = !code[..start].ends_with("::");
            if is_first && ["crate", "self", "super"].contains(&head) {
                let line = code[..start].matches('\n').count() + 1;
                for (path, _) in expand(&code[start..]) {
                    source.imports.push((line, source.absolute(&path)));
                }
            }
        }
        for (at, _) in code.match_indices("use ") {
            let is_public = code[..at].trim_end().ends_with("pub") || code[..at].trim_end().ends_with(')');
            if is_public {
                for (path, name) in expand(&code[at + "use ".len()..]) {
                    let path = source.absolute(&path);
                    source.exports.insert(name, path);
                }
            }
        }
        source
    }

    fn layer(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    /// A path from the root of the crate. One that starts with neither `crate`, `self` nor `super` is a child's.
    fn absolute(&self, path: &[String]) -> Vec<String> {
        let mut base = self.module.clone();
        let mut rest = path;
        while let Some((head, after)) = rest.split_first() {
            match head.as_str() {
                "crate" => base.clear(),
                "self" => {}
                "super" => drop(base.pop()),
                _ => break,
            }
            rest = after;
        }
        base.extend_from_slice(rest);
        base
    }
}

/// `src/model/id/forms.rs` → `[model, id, forms]`; `src/lib.rs` → `[]`; `src/main.rs` → `[main]`.
fn module_path(file: &str) -> Vec<String> {
    let inside = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut modules: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if modules.last().is_some_and(|last| last == "mod" || last == "lib") {
        modules.pop();
    }
    modules
}

fn word_before(code: &str, at: usize) -> &str {
    let start = code[..at]
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |before| before + 1);
    &code[start..at]
}

/// The paths of a use tree, each with the name it is imported by: `a::{B, c as d}` → `a::B` B, `a::c` d.
fn expand(tree: &str) -> Vec<(Vec<String>, String)> {
    let mut path = Vec::new();
    let mut rest = tree;
    loop {
        rest = rest.trim_start();
        if let Some(group) = rest.strip_prefix('{') {
            let mut found = Vec::new();
            for part in split_group(group) {
                for (inner, name) in expand(part) {
                    let inner = inner.into_iter().filter(|segment| segment != "self");
                    let whole: Vec<String> = path.iter().cloned().chain(inner).collect();
                    let name = if name == "self" {
                        path.last().cloned().unwrap_or_default()
                    } else {
                        name
                    };
                    found.push((whole, name));
                }
            }
            return found;
        }
        let (word, after) = rest.split_at(end_of_word(rest));
        if word.is_empty() {
            return vec![(path, "*".to_owned())];
        }
        path.push(word.to_owned());
        let Some(inner) = after.strip_prefix("::") else {
            let alias = after.trim_start().strip_prefix("as ").map(str::trim_start);
            let name = alias.map_or(word, |alias| &alias[..end_of_word(alias)]);
            return vec![(path, name.to_owned())];
        };
        rest = inner;
    }
}

fn end_of_word(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

/// The parts of a group up to its closing brace, split at its own commas.
fn split_group(group: &str) -> Vec<&str> {
    let (mut depth, mut start) = (0, 0);
    let mut parts = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                parts.push(group[start..at].trim());
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// The groups of files that import each other, directly or through others. A module and its own children do not count:
/// they are one unit.
fn circles(sources: &[Source]) -> Vec<Vec<String>> {
    let modules: BTreeMap<&[String], &Source> = sources
        .iter()
        .map(|source| (source.module.as_slice(), source))
        .collect();
    let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for source in sources {
        for (_, path) in &source.imports {
            let Some(target) = resolve(&modules, path) else {
                continue;
            };
            let is_relative =
                target.module.starts_with(&source.module) || source.module.starts_with(&target.module);
            if !is_relative && target.layer() == source.layer() {
                edges.entry(&source.file).or_default().insert(&target.file);
            }
        }
    }
    let reachable: BTreeMap<&str, BTreeSet<&str>> = edges
        .keys()
        .map(|file| (*file, reachable(&edges, file)))
        .collect();
    let mut found: BTreeSet<Vec<String>> = BTreeSet::new();
    for (file, targets) in &reachable {
        if targets.contains(file) {
            let circle = targets
                .iter()
                .filter(|target| reachable.get(*target).is_some_and(|back| back.contains(file)));
            found.insert(circle.map(|file| (*file).to_owned()).collect());
        }
    }
    found.into_iter().collect()
}

/// The file that a path leads to, through re-exports.
fn resolve<'a>(modules: &BTreeMap<&[String], &'a Source>, path: &[String]) -> Option<&'a Source> {
    let mut path = path.to_vec();
    // A re-export of a re-export is the longest chain there is.
    for _ in 0..4 {
        let depth = (1..=path.len())
            .rev()
            .find(|n| modules.contains_key(&path[..*n]))?;
        let source = modules[&path[..depth]];
        let Some(target) = path.get(depth).and_then(|name| source.exports.get(name)) else {
            return Some(source);
        };
        path = target.iter().chain(&path[depth + 1..]).cloned().collect();
    }
    None
}

fn reachable<'a>(edges: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(file) = open.pop() {
        for target in edges.get(file).into_iter().flatten() {
            if seen.insert(*target) {
                open.push(target);
            }
        }
    }
    seen
}
