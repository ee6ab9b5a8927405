//! Who may import whom, read from the sources.

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
            "ui", "error", "app",
        ],
    ),
    ("cli", &["model", "commands"]),
    ("lib", &["cli", "commands", "app", "settings", "ui", "error"]),
    ("main", &["lib"]),
];

#[test]
fn no_layer_imports_what_it_may_not() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for file in rust_files(&src) {
        let inside = file.strip_prefix(&src).unwrap();
        let modules = module_path(inside);
        let layer = modules.first().map_or("lib", String::as_str);
        let (_, allowed) = MAY_IMPORT
            .iter()
            .find(|(name, _)| *name == layer)
            .unwrap_or_else(|| panic!("{}: `{layer}` is not a layer", inside.display()));
        for (line, target) in imports(&fs::read_to_string(&file).unwrap(), &modules) {
            if target != layer && !allowed.contains(&target.as_str()) {
                wrong.push(format!(
                    "src/{}:{line}: {layer} imports {target}",
                    inside.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "forbidden imports:\n{}", wrong.join("\n"));
}

#[test]
fn the_check_sees_what_it_is_for() {
    let source =
        "use crate::{format, ui::Ui};\nuse super::super::settings::Settings;\nlet x = crate::cli::parse();\n";
    let modules = ["arxiv".to_owned(), "gate".to_owned()];
    let targets: Vec<_> = imports(source, &modules)
        .into_iter()
        .map(|(_, target)| target)
        .collect();
    assert_eq!(targets, ["format", "ui", "settings", "cli"]);
    let deeper = ["model".to_owned(), "id".to_owned(), "forms".to_owned()];
    let within: Vec<_> = imports("use super::super::text;", &deeper)
        .into_iter()
        .map(|(_, t)| t)
        .collect();
    assert_eq!(within, ["model"]);
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

/// `model/id/forms.rs` → `[model, id, forms]`; `lib.rs` → `[]`; `main.rs` → `[main]`.
fn module_path(file: &Path) -> Vec<String> {
    let mut modules: Vec<String> = file
        .with_extension("")
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    if modules.last().is_some_and(|last| last == "mod" || last == "lib") {
        modules.pop();
    }
    modules
}

/// The top-level modules named by each `crate::` and `super::` path, with the line.
fn imports(source: &str, modules: &[String]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in source.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (at, _) in code.match_indices("crate::") {
            for target in heads(&code[at + "crate::".len()..]) {
                found.push((number + 1, target));
            }
        }
        if let Some(at) = code.find("super::") {
            let mut rest = &code[at..];
            let mut up = 0;
            while let Some(after) = rest.strip_prefix("super::") {
                up += 1;
                rest = after;
            }
            if up >= modules.len() {
                found.extend(heads(rest).into_iter().map(|target| (number + 1, target)));
            } else {
                found.push((number + 1, modules[0].clone()));
            }
        }
    }
    found
}

/// The first names of a path: `ui::Ui` → `ui`; `{format, ui::Ui}` → `format`, `ui`.
fn heads(path: &str) -> Vec<String> {
    let name = |text: &str| {
        text.trim()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    match path.strip_prefix('{') {
        Some(group) => {
            let mut depth = 0;
            let mut parts = vec![String::new()];
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        parts.push(String::new());
                        continue;
                    }
                    _ => {}
                }
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
            parts
                .iter()
                .map(|part| name(part))
                .filter(|part| !part.is_empty() && part != "self")
                .collect()
        }
        None => vec![name(path)]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect(),
    }
}
