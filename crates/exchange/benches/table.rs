//! Rows of a table read per second.

fn main() {
    divan::main();
}
