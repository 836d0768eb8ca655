SELECT floor(x * 8e0) / 8e0 AS lower, (floor(x * 8e0) + 1e0) / 8e0 AS upper,
  count(*) AS count
FROM samples GROUP BY floor(x * 8e0) ORDER BY lower
