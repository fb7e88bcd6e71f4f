#include "parley/checker/rc11/compiled/finding.hpp"

#include "parley/specs/model/property.hpp"

#include <array>
#include <string_view>

namespace parley::rc11 {

namespace {

namespace property = specs::model::property;

/// Of what the runtime says with such a beginning.
struct Wording {
    std::string_view beginning;
    std::string_view property;
    std::string_view sentence;
};

constexpr std::array kinds{
    Wording{"data race", property::data_race, "two accesses to plain memory are ordered"},
    Wording{"use after free", property::use_after_free, "an object is touched while it is there"},
    Wording{"use of an object on the stack", property::use_after_free,
            "an object is touched while it is there"},
    Wording{"access outside a heap block", property::use_after_free,
            "an object is touched while it is there"},
    Wording{"double free", property::double_free, "an object ends once"},
    Wording{"free of something", property::double_free, "an object ends once"},
    Wording{"memory leak", property::leak, "all memory is freed in the end"},
    Wording{"an exception", property::exception, "no exception leaves a role"},
    Wording{"abort", property::crash, "no role crashes"},
    Wording{"std::terminate", property::exception, "no exception leaves a role"},
};

}  // namespace

checker::Violation violation_of(const std::string& reason) {
    for (const Wording& kind : kinds) {
        if (!reason.starts_with(kind.beginning)) continue;
        return {std::string{kind.property}, std::string{kind.sentence}, reason};
    }
    return {std::string{property::assertion}, reason, {}};
}

}  // namespace parley::rc11
