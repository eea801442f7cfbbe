#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "gate/relation.h"
#include "gate/rewrite.h"

namespace candour::gate {

/// An expression after rewriting, and what is known of it.
struct Bound {
  Json node;
  const Column* column = nullptr;  ///< set when the expression is just that column
  bool constant = false;
  bool literal = false;  ///< a constant as it stands, with nothing to compute
  bool groupable = false;
  bool measure = false;
  bool has_subquery = false;
  bool has_window = false;
  bool is_window = false;  ///< nothing but a window function; its parts hold their own guard
  bool is_person = false;
  bool cannot_fail = false;             ///< a condition that holds its own guard, such as EXISTS
  bool compares_figure = false;         ///< a number field beside one figure of a subquery
  std::set<const Relation*> relations;  ///< whose columns it reads
  std::vector<Json> companions;         ///< of the protected figures it is made of

  /// Nothing is computed: it cannot fail.
  bool trivial() const { return column != nullptr || literal; }
};

/// The state of rewriting one statement. Its methods are spread over files by subject:
/// rewrite_from, rewrite_expression, rewrite_subquery, rewrite_select, rewrite_grouping, guard.
class Rewriter {
 public:
  Rewriter(Syntax& syntax, std::string_view sql, const policy::Decision& decision)
      : syntax_(syntax), sql_(sql), decision_(decision) {}

  Result<Plan> Run(const Json& tree);

 private:
  using Ctes = std::map<std::string, const Query*>;

  /// How a query's columns are to come out.
  struct Shape {
    bool top = false;     ///< persons leave as pseudonyms
    bool masked = false;  ///< every column under the guard, no hidden columns (kMixed results)
    bool plain = false;   ///< no companion columns, so that the sides of a UNION line up
    Scope* outer = nullptr;
  };

  /// A grouped SELECT between its rows and its figures.
  struct Grouping {
    Scope* rows = nullptr;
    Scope scope;                    ///< what expressions over the groups see
    std::string inner;              ///< name of the row level inside the group level
    std::vector<Json> key_nodes;    ///< rewritten key expressions, to recognise them again
    std::vector<Json> inner_list;   ///< what the row level computes
    std::vector<Json> figure_list;  ///< what the group level computes
    std::vector<Json> people_list;  ///< people behind each figure, for stages
    std::vector<disclosure::FigureColumn> figures;
    std::map<std::string, std::string> known;  ///< aggregate, as text -> its column
    Relation* result = nullptr;                ///< the groups, as a relation of `scope`
    bool barrier = false;                      ///< people are grouped: a stage
    bool by_person = false;
  };

  bool aggregates() const { return decision_.use->output == policy::Output::kAggregates; }
  std::string NextName(std::string_view prefix);
  Error Refusal(ErrorCode code, const Json& at, std::string message, std::string next = "") const;
  std::unexpected<Error> Refuse(ErrorCode code, const Json& at, std::string message,
                                std::string next = "") const;
  /// Every key of `node` is one of `handled`, or says nothing.
  Status CheckShape(const Json& node, std::initializer_list<std::string_view> handled) const;

  // --- queries (rewrite_select.cc)
  Result<Query> BindQuery(const Json& node, const Ctes& ctes, const Shape& shape);
  Result<Query> BindSelect(const Json& node, const Ctes& ctes, const Shape& shape);
  Result<Query> BindSetOperation(const Json& node, const Ctes& ctes, const Shape& shape);
  Result<Ctes> BindCtes(const Json& node, Ctes ctes, Scope* outer);
  Result<std::vector<Json>> ExpandStars(const Json& list, Scope& scope);
  Result<Json> BindWhere(const Json& condition, Scope& scope, const Ctes& ctes);
  Status AddItem(const Json& raw, Bound bound, const Scope& scope, const Shape& shape,
                 Query& query);
  Status AddHidden(const Scope& scope, const Shape& shape, Query& query);
  using Bind = std::function<Result<Bound>(const Json&)>;
  Status BindModifiers(const Json& node, const std::vector<Json>& items, const Shape& shape,
                       const Bind& bind, Query& query);
  Result<Json> BindOrder(const Json& order, const std::vector<Json>& items, const Shape& shape,
                         const Bind& bind, const Query& query);
  Kind KindOf(const Scope& scope) const;

  // --- FROM (rewrite_from.cc)
  Result<Json> BindFrom(const Json& node, Scope& scope, const Ctes& ctes);
  Result<Json> BindTable(const Json& node, Scope& scope, const Ctes& ctes);
  Result<Json> BindDataset(const Json& node, Scope& scope);
  Result<Json> BindDerived(const Json& node, Scope& scope, const Ctes& ctes);
  Result<Json> BindJoin(const Json& node, Scope& scope, const Ctes& ctes);
  Result<Json> UsingCondition(const Json& node, Scope& scope, std::size_t left_from,
                              std::size_t right_from);
  Status CheckPersonJoin(const Json& node, const std::vector<Bound>& conditions, const Scope& scope,
                         std::size_t left_from, std::size_t right_from) const;
  Json AddRelation(Query query, std::string alias, Scope& scope);
  bool IsPersonEquality(const Json& raw, Scope& scope) const;

  // --- expressions (rewrite_expression.cc)
  Result<Bound> BindExpression(const Json& raw, Scope& scope, const Ctes& ctes);
  Result<Bound> BindNode(const Json& raw, Scope& scope, const Ctes& ctes);
  Result<Bound> BindColumn(const Json& raw, Scope& scope, const Ctes& ctes);
  Result<Bound> BindConstant(const Json& raw) const;
  Result<Bound> BindFunction(const Json& raw, Scope& scope, const Ctes& ctes);
  Result<Bound> BindComparison(const Json& raw, Scope& scope, const Ctes& ctes);
  Result<Bound> BindCast(const Json& raw, Scope& scope, const Ctes& ctes);
  Result<Bound> BindCase(const Json& raw, Scope& scope, const Ctes& ctes);
  Result<Bound> BindWindow(const Json& raw, Scope& scope, const Ctes& ctes);
  /// Refuses what could make a window over people's rows fail.
  Status CheckWindow(const Json& raw, const std::string& name) const;
  /// Binds the children that `keys` name (each a node, a list or null) and joins what they tell.
  Result<Bound> BindChildren(const Json& raw, std::initializer_list<std::string_view> keys,
                             Scope& scope, const Ctes& ctes);
  Result<Bound> BindGuarded(const Json& raw, Scope& scope, const Ctes& ctes);
  Status CheckPersonUse(const Json& raw, const Bound& bound) const;
  Bound ColumnOf(const Relation& relation, const Column& column) const;

  // --- subqueries (rewrite_subquery.cc)
  Result<Bound> BindSubquery(const Json& raw, Scope& scope, const Ctes& ctes);
  Status CheckPersonSubquery(const Json& raw, const Query& query, const Bound* child) const;

  // --- groups (rewrite_grouping.cc)
  bool HasAggregate(const Json& raw) const;
  Result<Query> BindGrouped(const Json& node, std::vector<Json> items, Json from, Json where,
                            Scope& scope, const Ctes& ctes, const Shape& shape);
  Status BindKeys(const Json& node, const std::vector<Json>& items, Grouping& grouping,
                  Scope& scope, const Ctes& ctes);
  Result<Bound> BindOverGroups(const Json& raw, Grouping& grouping, const Ctes& ctes);
  Result<Bound> BindAggregate(const Json& raw, Grouping& grouping, const Ctes& ctes);
  /// Counts the people behind a figure, whose rows `counts` says; returns its companion's name.
  /// Moves the condition of a FILTER to the row level; its column there, or null without one.
  Result<Json> BindFigureFilter(const Json& raw, Grouping& grouping, const Ctes& ctes);
  static std::string AddFigure(disclosure::FigureColumn figure, Json counts, Grouping& grouping);
  /// The argument of a sum, mean or deviation in an aggregates use, such that it cannot overflow.
  Json WithinBounds(const std::string& name, const Bound& argument) const;
  /// A floating-point figure without the digits that depend on the order of adding up.
  static Json Rounded(const std::string& name, const Bound* argument, Json figure);
  Status CheckFigure(const Json& raw, const std::string& name, bool distinct,
                     const Bound* argument) const;
  Status BindOverAllGroups(const Json& node, const std::vector<Json>& items, const Shape& shape,
                           Grouping& grouping, const Ctes& ctes, Query& query);
  Result<Json> CloseGroups(Grouping& grouping, Json from, Json where);
  Result<Json> MakeStage(Grouping& grouping, Json group_node, const Scope& rows);

  // --- the guard (guard.cc)
  /// Whether evaluating the condition can fail on no row at all, whatever its values.
  bool IsLeakProof(const Json& raw, Scope& scope) const;
  /// Puts a condition that reads nobody's row of this scope under the guard of all of them: it is
  /// computed once for each row all the same.
  static void GuardByScope(const Scope& scope, std::size_t from, Bound& condition);
  /// Whether the guard can hold the expression: where errors must become nulls, one with a subquery
  /// in it cannot be held.
  Status CheckGuard(const Json& raw, const Bound& bound) const;
  Json Guard(Bound bound) const;
  Json GuardCondition(Bound bound, const std::vector<Json>& beside) const;
  std::vector<Json> OkOf(const std::set<const Relation*>& relations) const;

  struct Found {
    const Relation* relation = nullptr;
    const Column* column = nullptr;
  };
  Result<Found> Resolve(const Json& raw, Scope& scope) const;
  Error NoSuchColumn(const Json& raw, const std::string& name, const Scope& scope) const;

  Syntax& syntax_;
  std::string_view sql_;
  const policy::Decision& decision_;
  std::deque<Query> cte_queries_;
  std::vector<Stage> stages_;
  std::set<std::size_t> datasets_;
  std::vector<Json> hidden_;      ///< companions of the select list being built
  Grouping* grouping_ = nullptr;  ///< set while expressions over groups are bound
  bool computes_ = false;         ///< whether a function or cast was met, or a mask is one
  int next_name_ = 0;
  int depth_ = 0;
};

}  // namespace candour::gate
