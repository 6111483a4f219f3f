//! A logistic regression: what could be known of one repository by somebody who had its labels.

/// The weight of the penalty on coefficients.
const RIDGE: f64 = 1.0;
/// Steps of Newton's method; it settles in about ten.
const STEPS: usize = 15;

/// Coefficients, and what each feature is like.
pub(crate) struct Model {
    means: Vec<f64>,
    spreads: Vec<f64>,
    weights: Vec<f64>,
}

impl Model {
    /// The log-odds that a unit is named.
    pub(crate) fn rank(&self, features: &[f64]) -> f64 {
        dot(&self.weights, &self.normal(features))
    }

    /// Features with mean 0 and spread 1, and the constant.
    fn normal(&self, features: &[f64]) -> Vec<f64> {
        let scaled = features.iter().zip(&self.means).zip(&self.spreads);
        scaled.map(|((value, mean), spread)| (value - mean) / spread).chain([1.0]).collect()
    }
}

/// Fits a model to units and whether they are named.
pub(crate) fn fit(rows: &[(&[f64], bool)]) -> Model {
    let (count, width) = (rows.len() as f64, rows[0].0.len());
    let mean =
        |of: &dyn Fn(&[f64]) -> f64| rows.iter().map(|(features, _)| of(features)).sum::<f64>() / count;
    let means: Vec<f64> = (0..width).map(|at| mean(&|features| features[at])).collect();
    let spreads =
        (0..width).map(|at| mean(&|features| (features[at] - means[at]).powi(2)).sqrt().max(1e-9)).collect();
    let mut model = Model { means, spreads, weights: vec![0.0; width + 1] };
    let inputs: Vec<(Vec<f64>, f64)> =
        rows.iter().map(|(features, named)| (model.normal(features), f64::from(u8::from(*named)))).collect();
    for _ in 0..STEPS {
        let mut slope: Vec<f64> = model.weights.iter().map(|weight| -RIDGE * weight).collect();
        let mut curve = vec![vec![0.0; width + 1]; width + 1];
        slope[width] = 0.0;
        for (at, row) in curve.iter_mut().enumerate() {
            row[at] = if at == width { 1e-9 } else { RIDGE };
        }
        for (input, named) in &inputs {
            let chance = 1.0 / (1.0 + (-dot(&model.weights, input)).exp());
            let weight = (chance * (1.0 - chance)).max(1e-6);
            for (at, value) in input.iter().enumerate() {
                slope[at] += (named - chance) * value;
                for (cell, other) in curve[at].iter_mut().zip(input) {
                    *cell += weight * value * other;
                }
            }
        }
        let step = solve(curve, slope);
        model.weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
    }
    model
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves `matrix * x = right` by elimination; the matrix is positive definite.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Vec<f64> {
    let size = right.len();
    for at in 0..size {
        let (above, below) = matrix.split_at_mut(at + 1);
        let pivot = &above[at];
        for (offset, row) in below.iter_mut().enumerate() {
            let factor = row[at] / pivot[at];
            row.iter_mut().zip(pivot).for_each(|(cell, top)| *cell -= factor * top);
            right[at + 1 + offset] -= factor * right[at];
        }
    }
    for at in (0..size).rev() {
        let known: f64 = (at + 1..size).map(|other| matrix[at][other] * right[other]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}
