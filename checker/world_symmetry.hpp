#pragma once

#include "parley/checker/codec.hpp"
#include "parley/checker/conformance.hpp"
#include "parley/checker/require.hpp"
#include "parley/checker/symmetry.hpp"
#include "parley/protocols/model/fields.hpp"
#include "parley/specs/model/interchangeable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::checker {

/// Walks through a value and renames what `Declared`, an Interchangeable, says holds values.
template <class Declared>
class Renamer {
 public:
    explicit Renamer(specs::model::Renaming to) : to_(to) {}

    template <class T>
    void operator()(T& value) const {
        if constexpr (requires { value.transfer(*this); }) {
            value.transfer(*this);
        } else if constexpr (!model::OwnedObject<T> && std::is_aggregate_v<T>) {
            Declared::rename_members(value, to_);
            model::for_each_field(value, *this);
        }
    }
    template <class T, std::size_t N>
    void operator()(std::array<T, N>& values) const {
        for (T& value : values) (*this)(value);
    }
    template <class... Ts>
    void operator()(std::tuple<Ts...>& values) const {
        std::apply([&](auto&... each) { ((*this)(each), ...); }, values);
    }
    template <class T>
    void operator()(std::optional<T>& value) const {
        if (value) (*this)(*value);
    }
    template <class... Ts>
    void operator()(std::variant<Ts...>& value) const {
        std::visit(*this, value);
    }

 private:
    specs::model::Renaming to_;
};

/// All renamings of the values that `Declared` says are interchangeable in worlds `W`. Of more than
/// `values_max` values only the first are: that many renamings are few enough to try each.
template <class W, class Declared>
class WorldSymmetry final : public Symmetry {
 public:
    static constexpr int values_max = 5;

    /// `world` is the initial one; `key`: by which messages belong to a conversation of the page.
    WorldSymmetry(W world, int count, std::string_view key)
        : world_(std::move(world)), is_key_(!key.empty() && Declared::has_member(key)) {
        std::vector<std::uint8_t> to(static_cast<std::size_t>(std::clamp(count, 0, values_max)));
        std::iota(to.begin(), to.end(), std::uint8_t{0});
        do {
            renamings_.push_back(to);
        } while (std::ranges::next_permutation(to).found);
    }

    std::size_t order() const override { return renamings_.size(); }

    State::Part renamed(Place place, State::Part part, std::size_t renaming) override {
        const specs::model::Renaming to = renamings_[renaming];
        switch (place) {
            case Place::left:
                return renamed_script(world_.left, model::Party::left, part, to);
            case Place::right:
                return renamed_script(world_.right, model::Party::right, part, to);
            case Place::monitors:
                Reader{part}(world_.monitors);
                Renamer<Declared>{to}(world_.monitors);
                return written(world_.monitors);
            default:
                require(false, "renamed by its messages, or not at all");
                return part;
        }
    }
    State::Part renamed_message(model::Party sender, State::Part message,
                                std::size_t renaming) override {
        const specs::model::Renaming to = renamings_[renaming];
        return sender == model::Party::left ? renamed_message<typename W::LeftOutbox>(message, to)
                                            : renamed_message<typename W::RightOutbox>(message, to);
    }
    std::string text_of(std::size_t renaming) const override {
        std::string text;
        const std::vector<std::uint8_t>& to = renamings_[renaming];
        for (std::size_t value = 0; value < to.size(); ++value) {
            if (to[value] == value) continue;
            text += fmt::format("{}{} as {}", text.empty() ? "" : ", ", value, to[value]);
        }
        return text;
    }

 private:
    template <class Script>
    State::Part renamed_script(Script& script, model::Party party, State::Part part,
                               specs::model::Renaming to) {
        PagePlace::OfParty place = world_.place.of(party);
        Reader reader{part};
        reader(script);
        reader(place);
        Renamer<Declared>{to}(script);
        if (is_key_) world_.place.rename_conversations(party, to);
        return written(script, place);
    }

    template <class Outbox>
    State::Part renamed_message(State::Part bytes, specs::model::Renaming to) {
        Outbox message{};
        Reader{bytes}(message);
        Renamer<Declared>{to}(message);
        return written(message);
    }

    State::Part written(auto&... parts) {
        Writer writer{bytes_.data()};
        (writer(parts), ...);
        return writer.written();
    }

    W world_;
    bool is_key_;
    std::vector<std::vector<std::uint8_t>> renamings_;
    std::vector<std::byte> bytes_ = std::vector<std::byte>(2 * sizeof(W));
};

}  // namespace parley::checker
