#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "home/check.h"

namespace candour::home {
namespace {

using catalogue::Dataset;
using catalogue::Field;
using policy::Agreement;
using policy::Grant;
using policy::Output;
using policy::Use;

bool Holds(const std::vector<std::string>& list, std::string_view item) {
  return std::ranges::find(list, item) != list.end();
}

/// The same questions that the door asks of every request, asked of one approved use before it
/// comes into force, so that a mistake shows in `plan` and not at the first denial.
class ApprovedChecker {
 public:
  ApprovedChecker(const Declarations& d, const SourceMap& sources, Diagnostics& errors,
                  const Use& use)
      : d_(d),
        sources_(sources),
        errors_(errors),
        use_(use),
        purpose_(d.FindPurpose(use.purpose)),
        agreement_(use.agreement.empty() ? nullptr : d.FindAgreement(use.agreement)) {}

  void Run() {
    for (const Grant& grant : use_.grants) {
      const Dataset* dataset = d_.FindDataset(grant.dataset);
      if (dataset == nullptr || !dataset->HasPeople()) continue;
      const std::string entry = "dataset=" + grant.dataset;
      CheckConditions(*dataset, grant, entry);
      CheckController(*dataset, grant, entry);
    }
  }

 private:
  using Path = std::initializer_list<std::string_view>;

  void Report(Error error, Path path) {
    errors_.push_back(std::move(error.At(sources_.At(use_.where.file, path))));
  }

  void CheckConditions(const Dataset& dataset, const Grant& grant, const std::string& entry) {
    const bool condition = purpose_ == nullptr || !purpose_->special_condition.empty();
    for (const std::string& name : grant.fields) {
      const Field* field = dataset.FindField(name);
      if (field == nullptr) continue;
      if (!condition && NeedsFurtherCondition(field->sensitivity)) {
        ReportCondition(
            fmt::format("field {}.{} is {}", dataset.name, name, ToString(field->sensitivity)),
            {"grants", entry, "fields", name});
      }
      if (use_.output == Output::kAggregates && field->identifier) {
        Report(Error{.code = ErrorCode::kDeclarationInvalid,
                     .message = "an aggregates use grants a field that identifies people"}
                   .Expected("fields that are no identifiers; people are counted without them")
                   .Found(dataset.name + "." + name),
               {"grants", entry, "fields", name});
      }
    }
    if (condition) return;
    for (const std::string& category : grant.row_categories) {
      ReportCondition("row category " + Quoted(category),
                      {"grants", entry, "rowCategories", category});
    }
  }

  void ReportCondition(std::string found, Path path) {
    Report(Error{.code = ErrorCode::kLegalBasisMissing,
                 .message = "a use is granted sensitive data under a purpose without the further "
                            "condition that the law asks for"}
               .Expected("specialCondition on purpose " + use_.purpose + ", or no such data")
               .Found(std::move(found))
               .FixBy("the data protection officer"),
           path);
  }

  void CheckController(const Dataset& dataset, const Grant& grant, const std::string& entry) {
    const catalogue::Unit* unit = d_.FindUnit(dataset.unit);
    if (unit == nullptr || use_.recipient.controller.empty() ||
        unit->controller == use_.recipient.controller) {
      return;
    }
    if (agreement_ == nullptr) {
      // A name that is not declared has been reported as such.
      if (use_.agreement.empty()) {
        ReportCrossing(dataset, "the use names no agreement", {"recipient", "controller"});
      }
      return;
    }
    const auto missing = [&](bool covered, std::string_view what, Path path) {
      if (covered) return;
      ReportCrossing(dataset, fmt::format("agreement {} does not cover {}", agreement_->id, what),
                     path);
    };
    missing(Holds(agreement_->parties, unit->controller), "the controller " + unit->controller,
            {"agreement"});
    missing(Holds(agreement_->parties, use_.recipient.controller), "the recipient's controller",
            {"recipient", "controller"});
    // A purpose that is not declared has been reported as such.
    missing(purpose_ == nullptr || Holds(agreement_->purposes, use_.purpose), "the purpose",
            {"purpose"});
    missing(Holds(agreement_->datasets, dataset.name), "the dataset", {"grants", entry, "dataset"});
    missing(std::ranges::find(agreement_->outputs, use_.output) != agreement_->outputs.end(),
            "the output", {"output"});
    CheckExcluded(dataset, grant, entry);
  }

  void CheckExcluded(const Dataset& dataset, const Grant& grant, const std::string& entry) {
    const auto excluded = [&](std::string_view category) {
      return Holds(agreement_->excluded_categories, category);
    };
    for (const std::string& name : grant.fields) {
      const Field* field = dataset.FindField(name);
      if (field == nullptr || !excluded(field->category)) continue;
      ReportCrossing(dataset, "the agreement excludes the category of field " + name,
                     {"grants", entry, "fields", name});
    }
    for (const std::string& category : grant.row_categories) {
      if (!excluded(category)) continue;
      ReportCrossing(dataset, "the agreement excludes row category " + Quoted(category),
                     {"grants", entry, "rowCategories", category});
    }
  }

  void ReportCrossing(const Dataset& dataset, std::string found, Path path) {
    Report(Error{.code = ErrorCode::kDeclarationInvalid,
                 .message = "data would cross to another controller without an agreement that "
                            "covers it: " +
                            dataset.name}
               .Expected("an agreement that covers both controllers, purpose, dataset and output")
               .Found(std::move(found))
               .FixBy("the data-governance lead and both controllers"),
           path);
  }

  const Declarations& d_;
  const SourceMap& sources_;
  Diagnostics& errors_;
  const Use& use_;
  const consent::Purpose* purpose_;
  const Agreement* agreement_;
};

}  // namespace

void CheckApproved(const Declarations& declarations, const SourceMap& sources,
                   Diagnostics& errors) {
  for (const Use& use : declarations.uses) {
    if (use.approval.state != policy::Approval::State::kApproved) continue;
    ApprovedChecker(declarations, sources, errors, use).Run();
  }
}

}  // namespace candour::home
