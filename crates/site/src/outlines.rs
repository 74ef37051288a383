//! Outlines of units, as the operator supplies them in GeoJSON.

use std::collections::BTreeMap;

use serde_json::Value;
use thiserror::Error;

use crate::pages::millionths;

/// Points in all outlines together: a file beyond it is refused.
const MOST: usize = 400_000;

/// Points of a ring: longitude and latitude in millionths of a degree.
pub type Ring = Vec<(i32, i32)>;

/// Why outlines were not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OutlinesError {
    /// It is not JSON.
    #[error("the outlines are not JSON: {0}")]
    Json(String),
    /// It is no collection of features with polygons.
    #[error("feature {feature} of the outlines: {why}")]
    Feature {
        /// Which feature, from 1.
        feature: usize,
        /// What is wrong.
        why: &'static str,
    },
    /// There are too many points.
    #[error("the outlines have more than {MOST} points; simplify them first")]
    TooMany,
}

/// Outlines by unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlines(BTreeMap<String, Vec<Ring>>);

impl Outlines {
    /// Reads a GeoJSON `FeatureCollection` of polygons and multipolygons in degrees. The unit is the feature's `id`, or its
    /// property `unit`.
    ///
    /// # Errors
    /// See [`OutlinesError`].
    pub fn from_geojson(text: &str) -> Result<Outlines, OutlinesError> {
        let value: Value = serde_json::from_str(text).map_err(|why| OutlinesError::Json(why.to_string()))?;
        let features = value.get("features").and_then(Value::as_array);
        let features = features.ok_or(OutlinesError::Feature { feature: 0, why: "there is no list of features" })?;
        let (mut outlines, mut points) = (Outlines::default(), 0);
        for (feature, number) in features.iter().zip(1usize..) {
            let fault = |why| OutlinesError::Feature { feature: number, why };
            let named = feature.get("id").or_else(|| feature.pointer("/properties/unit"));
            let unit = named.and_then(Value::as_str).ok_or_else(|| fault("it names no unit"))?;
            let rings = rings(feature).ok_or_else(|| fault("it is no polygon in degrees"))?;
            points += rings.iter().map(Vec::len).sum::<usize>();
            if points > MOST {
                return Err(OutlinesError::TooMany);
            }
            outlines.0.entry(unit.to_owned()).or_default().extend(rings);
        }
        Ok(outlines)
    }

    /// The rings of a unit.
    #[must_use]
    pub fn of(&self, unit: &str) -> Option<&[Ring]> {
        self.0.get(unit).map(Vec::as_slice)
    }
}

fn rings(feature: &Value) -> Option<Vec<Ring>> {
    let coordinates = feature.pointer("/geometry/coordinates")?.as_array()?;
    match feature.pointer("/geometry/type")?.as_str()? {
        "Polygon" => polygon(coordinates),
        "MultiPolygon" => {
            let polygons: Option<Vec<Vec<Ring>>> = coordinates.iter().map(|own| polygon(own.as_array()?)).collect();
            polygons.map(|polygons| polygons.into_iter().flatten().collect())
        }
        _ => None,
    }
}

fn polygon(rings: &[Value]) -> Option<Vec<Ring>> {
    let ring = |ring: &Value| ring.as_array()?.iter().map(point).collect::<Option<Ring>>();
    rings.iter().map(ring).collect()
}

fn point(point: &Value) -> Option<(i32, i32)> {
    // Decimal digits, not floats: the same file gives the same picture everywhere.
    let degrees = |at: usize| millionths(&point.get(at)?.as_number()?.to_string());
    Some((degrees(0)?, degrees(1)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygons_and_multipolygons_by_unit() {
        let text = r#"{"type": "FeatureCollection", "features": [
            {"type": "Feature", "id": "a", "geometry": {"type": "Polygon", "coordinates": [[[74.5, 42.8], [75, 42.8], [75, 43]]]}},
            {"type": "Feature", "properties": {"unit": "b"}, "geometry": {"type": "MultiPolygon", "coordinates": [[[[-1, 2], [3, 4], [5, 6]]]]}}
        ]}"#;
        let outlines = Outlines::from_geojson(text).unwrap();
        assert_eq!(outlines.of("a").unwrap()[0][0], (74_500_000, 42_800_000));
        assert_eq!(outlines.of("b").unwrap()[0][0], (-1_000_000, 2_000_000));
        assert_eq!(outlines.of("c"), None);
    }

    #[test]
    fn what_is_no_outline_is_refused_with_its_place() {
        let wrong = r#"{"features": [{"id": "a", "geometry": {"type": "Point", "coordinates": [1, 2]}}]}"#;
        let fault = Outlines::from_geojson(wrong).unwrap_err();
        assert_eq!(fault.to_string(), "feature 1 of the outlines: it is no polygon in degrees");
        assert!(matches!(Outlines::from_geojson("["), Err(OutlinesError::Json(_))));
        assert!(Outlines::from_geojson("{}").is_err());
        let far = r#"{"features": [{"id": "a", "geometry": {"type": "Polygon", "coordinates": [[[1e9, 2]]]}}]}"#;
        assert!(Outlines::from_geojson(far).is_err());
    }
}
