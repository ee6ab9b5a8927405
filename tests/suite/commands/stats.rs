//! `stats`: how many, by what.

use crate::arxcat::Machine;

#[test]
fn bars_by_everything() {
    let machine = Machine::new();
    let run = |args: &[&str]| machine.arxcat(args).terminal(60).run().ok();
    insta::assert_snapshot!("stats_year", run(&["stats"]));
    insta::assert_snapshot!("stats_month", run(&["stats", "--by", "month", "--since", "2026"]));
    insta::assert_snapshot!("stats_area_zh", run(&["stats", "--by", "area", "--lang", "zh"]));
    insta::assert_snapshot!("stats_category", run(&["stats", "--by", "category"]));
    insta::assert_snapshot!("stats_author", run(&["stats", "--by", "author", "-n", "5"]));
}

#[test]
fn counts_come_as_records_too() {
    let machine = Machine::new();
    let counts = machine.run(&["stats", "--json"]).json();
    let of_2024 = counts.iter().find(|count| count["key"] == "2024").unwrap();
    assert_eq!(
        (of_2024["by"].as_str(), of_2024["count"].as_u64()),
        (Some("year"), Some(16))
    );
    let sum: u64 = counts.iter().filter_map(|count| count["count"].as_u64()).sum();
    assert_eq!(sum, 35);
    insta::assert_snapshot!("stats_tsv", machine.run(&["stats", "-f", "tsv"]).ok());
}
