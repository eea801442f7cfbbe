#include "leak/corpus.h"

namespace candour::door {
namespace {

const std::vector<std::string_view> kConditions = {
    // those that the engine moves beside the consent predicate
    "CAST(amount AS SMALLINT) = 7",
    "CAST(amount AS TINYINT) = 7",
    "CAST(amount AS INTEGER) = 7",
    "CAST(amount AS DECIMAL(9,1)) > 3",
    "CAST(quantity AS DECIMAL(4,1)) > 3",
    "CAST(quantity AS DECIMAL(9,2)) > 3",
    "coalesce(ordered, TIMESTAMP '2025-03-03 00:00:00') > TIMESTAMP '2025-03-03 00:00:00'",
    "greatest(ordered, TIMESTAMP '2025-03-03 00:00:00') = TIMESTAMP '2025-03-03 00:00:00'",
    "ordered IN (TIMESTAMP '2025-03-03 00:00:00', DATE '2025-01-01')",
    "note LIKE '1%' ESCAPE CASE WHEN length(note) > 9 THEN 'xx' ELSE 'x' END",
    // casts
    "CAST(note AS INTEGER) >= 0",
    "CAST(note AS BIGINT) < 990",
    "CAST(note AS DOUBLE) > 500",
    "CAST(note AS DECIMAL(9,2)) > 10",
    "CAST(note AS SMALLINT) BETWEEN 5 AND 10",
    "CAST(note AS DATE) IS NULL",
    "CAST(note AS BOOLEAN)",
    "CAST(note AS TIMESTAMP) IS NOT NULL",
    "CAST(quantity AS TINYINT) > 3",
    "CAST(amount AS DECIMAL(5,2)) > 3",
    "CAST(ordered AS TIMESTAMP) > TIMESTAMP '2025-03-01'",
    "CAST(substring(product, 2) AS INTEGER) > 3",
    "CAST(right(card, 3) AS INTEGER) > 3",
    "TRY_CAST(note AS INTEGER) IS NULL",
    "note::INTEGER % 7 = 1",
    "coalesce(note, 'x')::INTEGER > 900",
    "coalesce(CAST(note AS INTEGER), 0) > 990",
    "nullif(note, '7')::INTEGER > 900",
    // implicit conversions
    "note > 5",
    "note = 12",
    "note BETWEEN 1 AND 3",
    "note IN (1, 2, 3)",
    "product || note > 5",
    "ordered = note",
    "quantity > note",
    "ordered > '2025-06-01'",
    "ordered > 'no date'",
    "ordered > DATE 'no date'",
    // arithmetic
    "quantity * quantity > 4000",
    "quantity * 100000 > 8000000",
    "quantity + 2147483000 > 0",
    "id - 2147483647 < 0",
    "-id < 5",
    "abs(id) > 999990",
    "abs(quantity) < 3",
    "amount * 1000000000000000.0 > 1",
    "amount * amount > 9000",
    "CAST(amount * 10000000000000000 AS BIGINT) > 0",
    "1 // (quantity - 91) = 0",
    "id % quantity = 0",
    "10 / quantity > 9",
    "quantity::TINYINT + 100::TINYINT > 5",
    "sqrt(quantity) > 9",
    "ln(quantity) > 4",
    "log2(quantity) > 6",
    "exp(quantity) > 1e30",
    "power(quantity, 200) > 1e300",
    "round(amount, quantity) > 50",
    // dates
    "ordered + quantity > DATE '2025-12-01'",
    "ordered + 100000 > DATE '2025-12-01'",
    "ordered + INTERVAL 1 YEAR > DATE '2026-06-01'",
    "date_part('year', CAST(note AS DATE)) > 2000",
    "date_trunc('year', ordered) IS NULL",
    "date_trunc(CASE WHEN channel = 'odd-channel' THEN 'bad' ELSE 'year' END, ordered) IS NULL",
    "date_part(replace(channel, 'odd-channel', 'bad'), ordered) > 1",
    "make_date(quantity, 1, 1) > DATE '2000-01-01'",
    "date_diff('day', ordered, DATE '2025-03-01') > 0",
    "last_day(ordered) > DATE '2025-12-01'",
    "year(ordered + INTERVAL 8000 YEAR) > 5",
    // text
    "substring(note, quantity, -1) = ''",
    "substring(note, -2147483648, 2147483647) = note",
    "left(note, id) = note",
    "right(note, -quantity) = ''",
    "note LIKE '1%' ESCAPE channel",
    "product LIKE note ESCAPE 'xx'",
    "product LIKE 'p-odd%'",
    "length(note) > 18",
    "split_part(product, note, quantity) = ''",
    "strpos(product, 'odd') > 0",
    "contains(note, 'secret')",
    // cases
    "CASE WHEN product = 'p-odd-secret' THEN CAST('x' AS INTEGER) ELSE 1 END = 2",
    "CASE WHEN length(note) = 0 THEN CAST(note AS INTEGER) ELSE 5 END > 5",
    "CASE channel WHEN 'odd-channel' THEN 1 // 0 ELSE 1 END = 0",
    "CASE WHEN quantity > 1000 THEN CAST(product AS INTEGER) END IS NOT NULL",
    // beside comparisons that change zone maps
    "product = 'p-odd-secret' AND CAST(note AS INTEGER) > 0",
    "product = 'p-odd-secret' AND CAST('abc' AS INTEGER) > 0",
    "quantity > 1000000 AND CAST(note AS INTEGER) > 0",
    "quantity < 1 AND CAST('abc' AS DATE) IS NULL",
    "ordered > DATE '9000-01-01' AND CAST(card AS INTEGER) > 0",
    "ordered > DATE '9000-01-01' AND ordered > DATE 'no date'",
    "amount > 1000000 AND 1 + CAST('z' AS INTEGER) > 0",
    "channel IN ('odd-channel') AND quantity IN (1, 2147483647) AND note > 5",
    "id = 2147483647 AND CAST(id AS SMALLINT) = 1",
    "id < 0 OR CAST(note AS INTEGER) > 995",
    "NOT (quantity < 1000) AND CAST(note AS INTEGER) = 1",
    "(SELECT 'abc') > 5 AND product = 'p-odd-secret'",
};
}  // namespace

const std::vector<std::string_view>& Conditions() { return kConditions; }

const std::vector<std::string_view>& RowForms() {
  static const std::vector<std::string_view> forms = {
      "SELECT id FROM shop.orders WHERE {} ORDER BY id LIMIT 20",
      "SELECT count(*), min(id), max(quantity) FROM shop.orders WHERE {}",
      "SELECT id FROM shop.orders ORDER BY ({}), id LIMIT 5",
      "SELECT count(*) FILTER (WHERE {}) FROM shop.orders",
      "WITH t AS (SELECT DISTINCT product, note, quantity, amount, ordered, channel, card, id FROM "
      "shop.orders WHERE quantity < 3) SELECT count(*) FROM t WHERE {}",
      "SELECT count(*) FROM (SELECT *, row_number() OVER (PARTITION BY product) AS n FROM "
      "shop.orders WHERE quantity > 88) WHERE {}",
      "SELECT count(*) FROM (SELECT * FROM shop.orders WHERE quantity > 89 UNION SELECT * FROM "
      "shop.orders WHERE quantity < 1) WHERE {}",
      "SELECT count(*) FROM shop.orders o JOIN shop.products p USING (product) WHERE kind = "
      "'kind0' "
      "AND {}",
  };
  return forms;
}

const std::vector<std::string_view>& FigureForms() {
  // Few rows at a time: an error that becomes null costs some microseconds.
  static const std::vector<std::string_view> forms = {
      "SELECT channel, count(*), sum(quantity) FROM shop.orders WHERE quantity < 3 AND {} GROUP BY "
      "channel",
      "SELECT product, count(*) FILTER (WHERE {}), avg(amount) FROM shop.orders WHERE quantity > "
      "89 GROUP BY product HAVING count(*) > 15",
  };
  return forms;
}

const std::vector<std::string_view>& RowStatements() {
  static const std::vector<std::string_view> statements = {
      "SELECT id, CAST(note AS INTEGER) AS n FROM shop.orders ORDER BY n DESC, id LIMIT 5",
      "SELECT id FROM shop.orders ORDER BY CAST(note AS INTEGER), id LIMIT 5",
      "SELECT id FROM shop.orders ORDER BY quantity DESC, id LIMIT 3",
      "SELECT id FROM shop.orders ORDER BY ordered, id OFFSET 900000 LIMIT 3",
      // what the planner works out from the greatest date in the table
      "SELECT id FROM shop.orders ORDER BY date_trunc('month', ordered), id LIMIT 3",
      "SELECT date_trunc('year', ordered) AS y, count(*) FROM shop.orders GROUP BY y",
      "SELECT ordered, count(*) FROM shop.orders GROUP BY ordered",
      "SELECT max(last_day(ordered)), min(year(ordered)), max(ordered + 1) FROM shop.orders",
      "SELECT max(abs(id)), min(-quantity), max(amount * 2), max(id + 1) FROM shop.orders",
      "SELECT DISTINCT CAST(note AS INTEGER) % 3 FROM shop.orders",
      "SELECT product, sum(CAST(note AS INTEGER)) FROM shop.orders GROUP BY product",
      "SELECT CAST(note AS INTEGER) % 5 AS k, count(*) FROM shop.orders GROUP BY k",
      "SELECT sum(quantity * quantity), avg(CAST(note AS DOUBLE)) FROM shop.orders",
      "SELECT product, count(*) FROM shop.orders GROUP BY product HAVING max(CAST(note AS "
      "INTEGER)) > 990",
      "SELECT product FROM shop.orders GROUP BY product HAVING CAST(substring(product, 2) AS "
      "INTEGER) > 40",
      "SELECT count(*) FROM (SELECT product FROM shop.orders GROUP BY product) WHERE "
      "CAST(substring(product, 2) AS INTEGER) > 40",
      "SELECT count(*) FROM shop.orders o JOIN shop.customers c ON o.person = c.person AND "
      "CAST(o.note AS INTEGER) > c.points WHERE c.points > 490",
      "SELECT count(*) FROM shop.orders o JOIN shop.customers c ON o.person = c.person AND "
      "o.quantity > 1000 AND CAST(c.postcode AS INTEGER) > 0",
      "SELECT count(*) FROM shop.customers c LEFT JOIN shop.orders o ON o.person = c.person AND "
      "o.quantity > 89 WHERE CAST(coalesce(o.note, '0') AS INTEGER) > 5",
      "SELECT count(*) FROM shop.products p LEFT JOIN shop.orders o ON o.product = p.product AND "
      "CAST(o.note AS INTEGER) = 5",
      "SELECT p.product FROM shop.products p ANTI JOIN shop.orders o ON o.product = p.product",
      "SELECT p.product FROM shop.products p WHERE p.product NOT IN (SELECT product FROM "
      "shop.orders)",
      "SELECT p.product FROM shop.products p WHERE NOT EXISTS (SELECT 1 FROM shop.orders o WHERE "
      "o.product = p.product AND CAST(o.note AS INTEGER) > 0)",
      "SELECT count(*) FROM shop.orders WHERE product IN (SELECT product FROM shop.products WHERE "
      "CAST(title AS INTEGER) > 10)",
      "SELECT count(*) FROM shop.orders o JOIN shop.products p USING (product) WHERE CAST(p.title "
      "AS INTEGER) > 10",
      "SELECT region, count(*) FROM shop.customers GROUP BY region",
      "SELECT count(*) FROM shop.customers WHERE postcode = 'ZZ99 9ZZ' AND CAST('x' AS INTEGER) = "
      "1",
      "SELECT count(*) FROM shop.customers WHERE active IS NULL",
      "SELECT CAST(split_part(name, ' ', 2) AS INTEGER) AS n FROM shop.customers ORDER BY n DESC "
      "LIMIT 4",
      "SELECT count(*), count(DISTINCT product), count(DISTINCT person) FROM shop.orders",
      "SELECT o.channel, (SELECT count(*) FROM shop.products p WHERE p.product = o.product AND "
      "CAST(o.note AS INTEGER) > 5) AS n FROM shop.orders o WHERE o.id < 5 ORDER BY ALL",
      "SELECT product FROM shop.orders EXCEPT SELECT product FROM shop.products",
      "SELECT product FROM shop.products INTERSECT SELECT product FROM shop.orders",
  };
  return statements;
}

const std::vector<std::string_view>& FigureStatements() {
  static const std::vector<std::string_view> statements = {
      "SELECT count(*), sum(quantity), avg(amount), stddev(quantity) FROM shop.orders",
      "SELECT sum(amount * 100000000000000000), stddev(quantity * 1e200) FROM shop.orders",
      "SELECT channel, sum(quantity) FROM shop.orders WHERE quantity > 1000000 GROUP BY channel",
      "SELECT count(*) FROM shop.orders WHERE product = 'p-odd-secret'",
      "SELECT product, count(*) FROM shop.orders GROUP BY product",
      "SELECT ordered, count(*) FROM shop.orders GROUP BY ordered ORDER BY 1",
      "SELECT region, tier, count(DISTINCT person), sum(points) FROM shop.customers GROUP BY ALL",
      "SELECT region, count(DISTINCT c.person) FROM shop.customers c JOIN shop.orders o USING "
      "(person) WHERE CAST(o.note AS INTEGER) > 990 GROUP BY region",
      "SELECT channel, avg(n) FROM (SELECT person, channel, count(*) AS n FROM shop.orders GROUP "
      "BY "
      "person, channel) GROUP BY channel",
      "SELECT count(*) FROM shop.customers WHERE person IN (SELECT person FROM shop.orders WHERE "
      "CAST(note AS INTEGER) > 995)",
      "SELECT count(*) FROM shop.customers c WHERE NOT EXISTS (SELECT 1 FROM shop.orders o WHERE "
      "o.person = c.person AND o.quantity > 85)",
      "SELECT kind, count(*) FROM shop.orders JOIN shop.products USING (product) WHERE CAST(title "
      "AS INTEGER) > 5 GROUP BY kind",
      "WITH f AS (SELECT product, count(*) AS n FROM shop.orders GROUP BY product) SELECT "
      "count(*), "
      "max(n) FROM f WHERE CAST(substring(product, 2) AS INTEGER) > 5",
      "SELECT count(*) FROM shop.customers WHERE active IS NULL",
      "SELECT count(*) FROM shop.customers WHERE points > (SELECT avg(points) FROM shop.customers)",
  };
  return statements;
}

}  // namespace candour::door
