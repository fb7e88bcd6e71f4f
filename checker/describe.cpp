#include "parley/checker/describe.hpp"

namespace parley::checker {

std::string describe(specs::model::ObjectId id) {
    if (!id) return "none";
    if (id.generation == 0) return fmt::format("#{}", id.slot);
    return fmt::format("#{}.{}", id.slot, id.generation);
}

void append_field(std::string& text, std::string_view separator, std::string_view name,
                  const std::string& value) {
    if (!text.empty()) text += separator;
    if (name != "state") {
        text += name;
        text += '=';
    }
    text += value;
}

}  // namespace parley::checker
