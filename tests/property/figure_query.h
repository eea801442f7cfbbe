#pragma once

#include <string>
#include <vector>

#include "property/naive_engine.h"
#include "property/query_grammar.h"

namespace candour::door {

/// One figure of a generated table of figures.
struct NaiveFigure {
  std::string sql;        ///< as it is asked
  std::string plain;      ///< as a plain engine computes it
  std::string counts;     ///< which rows count towards the people behind it
  bool additive = false;  ///< counts and sums: those of folded cells add up
  bool people = false;    ///< count(DISTINCT person)
};

/// A query for figures in its parts, so that a test can work out each cell for itself.
struct FigureQuery {
  std::string from;  ///< FROM … WHERE …, the same on both sides
  std::string person;
  std::vector<std::string> keys;
  bool public_keys = false;  ///< every key's domain is declared
  std::vector<NaiveFigure> figures;

  std::string Sql() const;
};

/// Draws queries for figures about people: conditions, joins on the person and with nobody's rows,
/// groups by groupable fields, counts, sums and means, each with a condition of its own at times.
class FigureGrammar {
 public:
  FigureGrammar(Dice& dice, RandomShop& shop, const policy::Use& use,
                const std::vector<QueryTable>& tables);

  FigureQuery Draw();

 private:
  struct Source {
    std::string alias;
    const QueryTable* table = nullptr;
    const policy::Grant* grant = nullptr;
  };

  void AddSource(FigureQuery& query, const QueryTable& table);
  void AddKeys(FigureQuery& query);
  NaiveFigure DrawFigure();
  const catalogue::Field* FieldOf(const Source& source, const std::string& name) const;
  bool IsMasked(const Source& source, const std::string& name) const;

  Dice& dice_;
  RandomShop& shop_;
  const policy::Use& use_;
  const std::vector<QueryTable>& tables_;
  QueryGrammar conditions_;
  std::vector<Source> sources_;
  std::vector<QueryColumn> scope_;
};

}  // namespace candour::door
