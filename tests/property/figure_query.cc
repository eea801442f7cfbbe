#include "property/figure_query.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace candour::door {

std::string FigureQuery::Sql() const {
  std::vector<std::string> list;
  for (std::size_t i = 0; i < keys.size(); ++i)
    list.push_back(fmt::format("{} AS k{}", keys[i], i));
  for (std::size_t i = 0; i < figures.size(); ++i) {
    list.push_back(fmt::format("{} AS f{}", figures[i].sql, i));
  }
  std::string sql = fmt::format("SELECT {} {}", fmt::join(list, ", "), from);
  if (!keys.empty()) sql += fmt::format(" GROUP BY {}", fmt::join(keys, ", "));
  return sql;
}

FigureGrammar::FigureGrammar(Dice& dice, RandomShop& shop, const policy::Use& use,
                             const std::vector<QueryTable>& tables)
    : dice_(dice), shop_(shop), use_(use), tables_(tables), conditions_(dice, tables) {}

const catalogue::Field* FigureGrammar::FieldOf(const Source& source,
                                               const std::string& name) const {
  return shop_.DatasetOf(source.table->sql).FindField(name);
}

bool FigureGrammar::IsMasked(const Source& source, const std::string& name) const {
  return std::ranges::find(source.grant->masked, name) != source.grant->masked.end();
}

void FigureGrammar::AddSource(FigureQuery& query, const QueryTable& table) {
  const Source source{.alias = fmt::format("s{}", sources_.size()),
                      .table = &table,
                      .grant = use_.FindGrant(table.sql)};
  if (sources_.empty()) {
    query.from = fmt::format("FROM {} {}", table.sql, source.alias);
    query.person = source.alias + ".person";
  } else {
    std::string on = fmt::format("{}.person = {}", source.alias, query.person);
    if (!table.people) on = fmt::format("{}.kind <> 'k0'", source.alias);
    const std::string kind = !table.people && dice_.OneIn(2) ? "LEFT JOIN" : "JOIN";
    query.from += fmt::format(" {} {} {} ON {}", kind, table.sql, source.alias, on);
  }
  for (QueryColumn column : table.columns) {
    column.name = fmt::format("{}.{}", source.alias, column.name);
    scope_.push_back(std::move(column));
  }
  sources_.push_back(source);
}

void FigureGrammar::AddKeys(FigureQuery& query) {
  query.public_keys = true;
  for (const Source& source : sources_) {
    for (const QueryColumn& column : source.table->columns) {
      const catalogue::Field* field = FieldOf(source, column.name);
      const bool may = field != nullptr && (field->groupable || !source.table->people);
      if (!may || query.keys.size() == 2 || !dice_.OneIn(4)) continue;
      query.keys.push_back(fmt::format("{}.{}", source.alias, column.name));
      query.public_keys &= !field->domain.empty() && !IsMasked(source, column.name);
    }
  }
}

NaiveFigure FigureGrammar::DrawFigure() {
  NaiveFigure figure{.sql = "count(*)", .counts = "true", .additive = true};
  const Source& source = dice_.Pick(sources_);
  const QueryColumn& column = dice_.Pick(source.table->columns);
  const std::string name = fmt::format("{}.{}", source.alias, column.name);
  const catalogue::Field* field = FieldOf(source, column.name);
  const bool measure =
      field != nullptr && field->measure && source.table->people && !IsMasked(source, column.name);
  if (column.type == QueryColumn::Type::kPerson) {
    figure = {.sql = fmt::format("count(DISTINCT {})", name), .counts = "true", .people = true};
  } else if (measure) {
    const std::string value = dice_.OneIn(3) ? fmt::format("{} * 2", name) : name;
    const bool sum = dice_.OneIn(2);
    figure = {.sql = fmt::format("{}({})", sum ? "sum" : "avg", value),
              .counts = fmt::format("{} <> 0", name),
              .additive = sum};
  } else if (dice_.OneIn(2)) {
    figure.sql = fmt::format("count({})", name);
    figure.counts = fmt::format("{} IS NOT NULL", name);
  }
  if (dice_.OneIn(3)) {
    const std::string filter = conditions_.Condition(scope_, 1);
    figure.sql += fmt::format(" FILTER (WHERE {})", filter);
    figure.counts += fmt::format(" AND ({})", filter);
  }
  figure.plain = figure.sql;
  return figure;
}

FigureQuery FigureGrammar::Draw() {
  FigureQuery query;
  sources_.clear();
  scope_.clear();
  std::vector<const QueryTable*> people;
  std::vector<const QueryTable*> nobodys;
  for (const QueryTable& table : tables_) (table.people ? people : nobodys).push_back(&table);
  AddSource(query, *dice_.Pick(people));
  if (dice_.OneIn(3)) AddSource(query, *dice_.Pick(people));
  if (!nobodys.empty() && dice_.OneIn(4)) AddSource(query, *dice_.Pick(nobodys));
  if (dice_.OneIn(2)) query.from += " WHERE " + conditions_.Condition(scope_, 1);
  AddKeys(query);
  for (int i = 1 + dice_.Below(3); i > 0; --i) query.figures.push_back(DrawFigure());
  return query;
}

}  // namespace candour::door
