//! `categories`: arXiv's taxonomy.

use crate::arxcat::Machine;

#[test]
fn everything_is_listed_and_one_code_explained() {
    let machine = Machine::new();
    assert_eq!(machine.run(&["categories"]).ok().lines().count(), 184);
    insta::assert_snapshot!(
        "categories",
        machine.arxcat(&["categories"]).terminal(80).run().ok()
    );
    insta::assert_snapshot!("categories_alias", machine.run(&["categories", "math.mp"]).ok());
    insta::assert_snapshot!("categories_closed", machine.run(&["categories", "cmp-lg"]).ok());
    insta::assert_snapshot!(
        "categories_text",
        machine
            .arxcat(&["categories", "geometry"])
            .terminal(80)
            .run()
            .ok()
    );
    assert_eq!(machine.run(&["categories", "--json"]).json().len(), 184);
}

#[test]
fn an_unknown_code_gets_the_nearest() {
    let machine = Machine::new();
    insta::assert_snapshot!(
        "categories_unknown",
        machine.run(&["categories", "cs.XL"]).shown()
    );
    insta::assert_snapshot!(
        "category_unknown",
        machine.run(&["list", "--category", "cs.XL"]).shown()
    );
}
