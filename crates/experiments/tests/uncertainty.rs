//! What is recorded for the chapter *Uncertainty*.

use datasets::uncertainty::{SIZES, blocks};
use experiments::uncertainty::{BLOCKS, block};

/// Oracle: the recorded trials are what the program does, here the smallest two sizes' first block.
#[test]
fn the_recorded_trials_come_out_again() {
    let blocks = blocks();
    let of = |size| (0..BLOCKS).map(move |seed| (size, seed));
    let recorded: Vec<_> = blocks.iter().map(|block| (block.samples, block.seed)).collect();
    assert_eq!(recorded, SIZES.into_iter().flat_map(of).collect::<Vec<_>>());
    for recorded in [blocks[0], blocks[BLOCKS as usize]] {
        assert_eq!(block(recorded.samples, recorded.seed), recorded);
    }
}
