//! Stories that hold while every rule is kept, and no longer once one is broken.

use super::{Setup, Violation, World};
use enishi_protocol::rules::{Rule, without};

/// What happens in a world, once every phone is in step.
pub type Story = fn(&mut World) -> Result<(), Violation>;

/// Tells a story to its quiet end.
pub fn told(setup: &Setup, story: Story) -> Result<(), Violation> {
    let mut world = World::new(setup);
    world.sync_all()?;
    story(&mut world)?;
    world.settle()
}

/// Tells a story with every rule kept, then with one broken.
pub fn needs(rule: Rule, setup: &Setup, story: Story) {
    assert_eq!(told(setup, story), Ok(()), "with every rule kept");
    let broken = without(rule, || told(setup, story));
    assert!(broken.is_err(), "{rule:?} is broken and nothing was seen");
}
