#include "parley/checker/rc11/runtime/object_words.hpp"

#include "parley/checker/symbolizer.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace parley::rc11 {

namespace {

using Object = Recording::Object;

/// Numbers from 1, in the order in which they are asked for.
class Numbers {
 public:
    std::size_t of(std::uintptr_t address) {
        return numbers_.emplace(address, numbers_.size() + 1).first->second;
    }
    std::size_t count() const { return numbers_.size(); }

 private:
    std::map<std::uintptr_t, std::size_t> numbers_;
};

class ObjectWords {
 public:
    ObjectWords(std::span<const Mention> mentions,
                const std::map<std::uintptr_t, BlockOrigin>& blocks, const ObjectNames& names)
        : mentions_(mentions), blocks_(blocks), names_(names), known_(mentions.size()) {
        name_statics();
        name_locals();
    }

    std::string text(std::size_t i) {
        const Object& object = mentions_[i].object;
        switch (object.kind) {
            case Object::Kind::none:
                return "";
            case Object::Kind::heap:
                return heap_text(mentions_[i]);
            case Object::Kind::stack:
                return stack_text(object, known_[i]);
            case Object::Kind::elsewhere:
                break;
        }
        return known_[i] ? *known_[i] : fmt::format("{:#x}", object.address);
    }

 private:
    void name_statics() {
        std::vector<std::uintptr_t> addresses;
        for (const Mention& mention : mentions_) addresses.push_back(mention.object.address);
        const std::vector<checker::DataSymbol> symbols = checker::symbolize_data(addresses);
        for (std::size_t i = 0; i < mentions_.size(); ++i) {
            const auto& [name, address, offset] = symbols[i];
            if (mentions_[i].object.kind != Object::Kind::elsewhere || name.empty()) continue;
            known_[i] = ObjectNames::in_static(name, address, offset, mentions_[i].bytes);
            statics_.insert(*known_[i]);
        }
    }

    void name_locals() {
        for (std::size_t i = 0; i < mentions_.size(); ++i) {
            const auto& [object, bytes, frames] = mentions_[i];
            const bool is_on_stack = object.kind == Object::Kind::stack;
            const bool is_candidate = is_on_stack || object.kind == Object::Kind::elsewhere;
            if (!is_candidate || known_[i] || frames == nullptr) continue;
            known_[i] = ObjectNames::local(*frames, object.address, bytes);
            if (!known_[i]) continue;
            if (is_on_stack) same_name_[*known_[i]][object.owner].of(object.address);
            // One of those who have the code checked is none of a thread's.
            if (!is_on_stack) statics_.insert(*known_[i]);
        }
    }

    std::string heap_text(const Mention& mention) {
        const Object& object = mention.object;
        std::string text = fmt::format("heap block {}", numbers_of_blocks_.of(object.begin));
        std::uintptr_t begin = object.address;
        std::string name;
        if (const auto block = blocks_.find(object.begin); block != blocks_.end()) {
            const auto& [bytes, place] = block->second;
            text += fmt::format(" ({} bytes of {})", bytes, place);
            const auto found = names_.in_block(object.begin, bytes, object.address, mention.bytes);
            if (found) std::tie(name, begin) = std::pair(": " + found->name, found->begin);
        }
        const std::size_t offset = begin - object.begin;
        return text + (offset == 0 ? "" : fmt::format(" + {}", offset)) + name;
    }

    std::string stack_text(const Object& object, const std::optional<std::string>& name) {
        if (!name) {
            const std::size_t number = numbers_of_locals_.of(object.address);
            return fmt::format("local {} of thread {}", number, object.owner);
        }
        auto& threads = same_name_[*name];
        Numbers& own = threads[object.owner];
        if (own.count() > 1) {
            return fmt::format("{} {} of thread {}", *name, own.of(object.address), object.owner);
        }
        const bool is_unique = threads.size() == 1 && !statics_.contains(*name);
        return is_unique ? *name : fmt::format("{} of thread {}", *name, object.owner);
    }

    std::span<const Mention> mentions_;
    const std::map<std::uintptr_t, BlockOrigin>& blocks_;
    const ObjectNames& names_;
    std::vector<std::optional<std::string>> known_;
    std::set<std::string> statics_;
    std::map<std::string, std::map<ThreadId, Numbers>> same_name_;  ///< locals
    Numbers numbers_of_blocks_;
    Numbers numbers_of_locals_;
};

}  // namespace

std::vector<std::string> words_for(std::span<const Mention> mentions,
                                   const std::map<std::uintptr_t, BlockOrigin>& blocks,
                                   const ObjectNames& names) {
    ObjectWords words(mentions, blocks, names);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < mentions.size(); ++i) texts.push_back(words.text(i));
    return texts;
}

}  // namespace parley::rc11
