/** What the log of a run shows: how many objects there are, and each that could be dangerous. */
export function formatReport(feed) {
  const hazardous = Object.values(feed.near_earth_objects)
    .flat()
    .filter((object) => object.is_potentially_hazardous_asteroid === true);
  const totals = `total tracking: ${feed.element_count}\npotential hazardous: ${hazardous.length}\n`;
  return totals + hazardous.map(formatObject).join('');
}

/** Two empty lines and the line break of a print come after each. */
function formatObject(object) {
  const diameter = object.estimated_diameter.kilometers.estimated_diameter_max;
  const velocity = object.close_approach_data[0].relative_velocity.kilometers_per_hour;
  return `Name: ${object.name}\nEstimated Diameter: ${diameter} km\nRelative Velocity: ${velocity} km/h\n\n\n`;
}
