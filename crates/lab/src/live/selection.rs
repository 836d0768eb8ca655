//! *Selection*: what one more component catches.

use super::components;
use crate::LabError;
use crate::control::{Control, Slider};
use crate::kept::Shelf;
use crate::reply::Reply;
use crate::request::Request;
use figures::Labels;
use plot::words::decimals;
use sampling::Mixture;
use selection::{Criteria, Plan, by_mean, plan};

pub(crate) fn fit(shelf: &mut Shelf, request: &Request) -> Result<Reply, LabError> {
    let k = request.number("k", 3, 1..=6)?;
    let seed = request.number("seed", 1, 0..=u64::MAX)?;
    let data = shelf.data.of(&mut shelf.own, request, "data=galaxies")?;
    let state = format!("figure=selection/fit&{}&k={k}&seed={seed}", data.source.state());
    let sets = [
        ("galaxies", "galaxies"),
        ("skewed", "one skewed population"),
        ("old_faithful", "Old Faithful"),
    ];
    let controls = vec![
        Control::choice("data", "samples", &sets, data.source.name()),
        Slider::whole_by_one("k", "components", 1..6, k),
        Control::button("Other starts", format!("seed={}", seed.wrapping_add(1))),
    ];
    let best = match (Plan { seed, ..plan() }.fit(&data.samples, k)) {
        Ok(best) => best,
        Err(error) => {
            return Ok(Reply {
                state,
                controls,
                problem: error.to_string(),
                ..Reply::default()
            });
        }
    };
    let mixture = Mixture::new(by_mean(&best.mixture))?;
    let criteria = Criteria::new(&data.samples, &mixture).map_err(em::EmError::from)?;
    let labels =
        if request.get("id").is_empty() { Labels::Searched } else { Labels::OnTop };
    let figure = figures::density::histogram(&data.samples, &mixture, labels)?
        .called("selection/fit");
    let say = format!(
        "K = {k}: log-likelihood {}, AIC {}, BIC {}, ICL {}.{}",
        decimals(criteria.log_likelihood, 3),
        decimals(criteria.aic, 1),
        decimals(criteria.bic, 1),
        decimals(criteria.icl, 1),
        components(&mixture),
    );
    Ok(Reply { state, pictures: vec![figure], controls, say, ..Reply::default() })
}
