// Functions of the C++ library that change and follow the links of std::map, std::set and
// std::list, or look at keys. The library's own are not instrumented; these do the same and show
// what they touch.

#include "parley/checker/rc11/runtime/interposing.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <set>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace parley::rc11 {

namespace {

/// What one call reads and writes, if it comes from code under check.
class Touched {
 public:
    explicit Touched(const void* caller) : runtime_(active_for_instrumented(caller)) {}

    template <class T>
    T read(const T& object) const {
        note(&object, sizeof object, false);
        return object;
    }

    template <class T>
    void write(T& object, std::type_identity_t<T> value) const {
        note(&object, sizeof object, true);
        object = value;
    }

    /// Writes what is another value.
    template <class T>
    void keep(T& object, std::type_identity_t<T> value) const {
        if (read(object) != value) write(object, value);
    }

    void note(const void* object, std::size_t bytes, bool is_write) const {
        if (runtime_ == nullptr || bytes == 0) return;
        runtime_->access_plain(address_of(object), bytes, is_write);
        Runtime::touch(address_of(object), bytes);
    }

 private:
    Runtime* runtime_;
};

using TreeNode = std::_Rb_tree_node_base;
/// One of the two sides of a node.
using Side = TreeNode* TreeNode::*;
constexpr Side left = &TreeNode::_M_left;
constexpr Side right = &TreeNode::_M_right;

constexpr Side other(Side side) {
    return side == left ? right : left;
}

/// A red-black tree as the C++ library lays it out: its header has the root as parent, the first
/// node on the left and the last one on the right; an empty tree's header has itself on both sides.
/// The parent of the root is the header, which is red, and the root is black. Guibas and Sedgewick,
/// A dichromatic framework for balanced trees, 1978; as Cormen et al., Introduction to Algorithms,
/// chapter 13, have it.
class Tree {
 public:
    Tree(TreeNode& header, const void* caller) : touched_(caller), header_(header) {}

    void insert(Side side, TreeNode* node, TreeNode* parent) {
        touched_.write(node->_M_parent, parent);
        touched_.write(node->_M_left, nullptr);
        touched_.write(node->_M_right, nullptr);
        touched_.write(node->_M_color, std::_S_red);
        const bool is_first = parent == &header_;
        if (is_first) {
            touched_.write(header_._M_parent, node);
            touched_.write(header_._M_left, node);
            touched_.write(header_._M_right, node);
        } else {
            touched_.write(parent->*side, node);
            if (touched_.read(header_.*side) == parent) touched_.write(header_.*side, node);
        }
        balance_inserted(node);
    }

    void erase(TreeNode* node) {
        TreeNode* const left_child = touched_.read(node->_M_left);
        TreeNode* const right_child = touched_.read(node->_M_right);
        bool has_lost_black = is_black(node);
        // What comes to the place that gets empty, if anything, and what is above it.
        TreeNode* filler = left_child != nullptr ? left_child : right_child;
        TreeNode* above = touched_.read(node->_M_parent);
        if (left_child != nullptr && right_child != nullptr) {
            TreeNode* const next = end_of(right_child, left);
            has_lost_black = is_black(next);
            filler = touched_.read(next->_M_right);
            above = touched_.read(next->_M_parent);
            if (above == node) {
                above = next;
            } else {
                put_below(above, left, filler);
                put_below(next, right, right_child);
            }
            put_below(next, left, left_child);
            replace(node, next);
            touched_.write(next->_M_color, touched_.read(node->_M_color));
        } else {
            for (const Side side : {left, right}) {
                if (touched_.read(header_.*side) != node) continue;
                touched_.write(header_.*side, filler == nullptr ? above : end_of(filler, side));
            }
            replace(node, filler);
        }
        if (has_lost_black) balance_erased(filler, above);
    }

 private:
    bool is_black(const TreeNode* node) const {
        return node == nullptr || touched_.read(node->_M_color) == std::_S_black;
    }

    TreeNode* root() const { return touched_.read(header_._M_parent); }

    TreeNode* end_of(TreeNode* node, Side side) const {
        while (TreeNode* const next = touched_.read(node->*side)) node = next;
        return node;
    }

    void put_below(TreeNode* parent, Side side, TreeNode* node) {
        touched_.write(parent->*side, node);
        if (node != nullptr) touched_.write(node->_M_parent, parent);
    }

    /// Another node, or none, comes to where one is.
    void replace(TreeNode* node, TreeNode* with) {
        TreeNode* const parent = touched_.read(node->_M_parent);
        if (parent == &header_) {
            touched_.write(header_._M_parent, with);
            if (with != nullptr) touched_.write(with->_M_parent, parent);
        } else {
            put_below(parent, touched_.read(parent->_M_left) == node ? left : right, with);
        }
    }

    /// The node goes down on that side, and its child from the other side comes up.
    void rotate(TreeNode* node, Side side) {
        TreeNode* const child = touched_.read(node->*other(side));
        put_below(node, other(side), touched_.read(child->*side));
        replace(node, child);
        put_below(child, side, node);
    }

    void balance_inserted(TreeNode* node) {
        while (node != root()) {
            TreeNode* parent = touched_.read(node->_M_parent);
            if (is_black(parent)) break;
            TreeNode* const grandparent = touched_.read(parent->_M_parent);
            const Side side = touched_.read(grandparent->_M_left) == parent ? left : right;
            TreeNode* const uncle = touched_.read(grandparent->*other(side));
            touched_.write(grandparent->_M_color, std::_S_red);
            if (!is_black(uncle)) {
                touched_.write(parent->_M_color, std::_S_black);
                touched_.write(uncle->_M_color, std::_S_black);
                node = grandparent;
                continue;
            }
            if (touched_.read(parent->*other(side)) == node) {
                rotate(parent, side);
                parent = node;
            }
            touched_.write(parent->_M_color, std::_S_black);
            rotate(grandparent, other(side));
            break;
        }
        touched_.write(root()->_M_color, std::_S_black);
    }

    /// Below `parent`, paths through `node` have one black node too few.
    void balance_erased(TreeNode* node, TreeNode* parent) {
        while (parent != &header_ && is_black(node)) {
            const Side side = touched_.read(parent->_M_left) == node ? left : right;
            TreeNode* sibling = touched_.read(parent->*other(side));
            if (!is_black(sibling)) {
                touched_.write(sibling->_M_color, std::_S_black);
                touched_.write(parent->_M_color, std::_S_red);
                rotate(parent, side);
                sibling = touched_.read(parent->*other(side));
            }
            TreeNode* const near = touched_.read(sibling->*side);
            TreeNode* const far = touched_.read(sibling->*other(side));
            if (is_black(near) && is_black(far)) {
                touched_.write(sibling->_M_color, std::_S_red);
                node = parent;
                parent = touched_.read(parent->_M_parent);
                continue;
            }
            if (is_black(far)) {
                touched_.write(near->_M_color, std::_S_black);
                touched_.write(sibling->_M_color, std::_S_red);
                rotate(sibling, other(side));
                sibling = near;
            }
            touched_.write(sibling->_M_color, touched_.read(parent->_M_color));
            touched_.write(parent->_M_color, std::_S_black);
            touched_.write(touched_.read(sibling->*other(side))->_M_color, std::_S_black);
            rotate(parent, side);
            return;
        }
        if (node != nullptr) touched_.write(node->_M_color, std::_S_black);
    }

    Touched touched_;
    TreeNode& header_;
};

/// The node after this one, where `side` is the right one; or before it. After the last comes the
/// header.
TreeNode* step(const TreeNode* start, Side side, const void* caller) {
    const Touched touched(caller);
    auto* node = const_cast<TreeNode*>(start);
    if (TreeNode* next = touched.read(node->*side)) {
        while (next != nullptr) {
            node = next;
            next = touched.read(node->*other(side));
        }
        return node;
    }
    TreeNode* parent = touched.read(node->_M_parent);
    while (node == touched.read(parent->*side)) {
        node = parent;
        parent = touched.read(parent->_M_parent);
    }
    // The root is below the header, and the header below the root.
    return touched.read(node->*side) == parent ? node : parent;
}

/// Whether it is a header: that is red, and the parent of its parent.
bool is_header(const TreeNode* node, const void* caller) {
    const Touched touched(caller);
    return touched.read(node->_M_color) == std::_S_red &&
           touched.read(touched.read(node->_M_parent)->_M_parent) == node;
}

TreeNode* step_back(const TreeNode* start, const void* caller) {
    if (is_header(start, caller)) return Touched(caller).read(start->_M_right);
    return step(start, left, caller);
}

}  // namespace

void link_interposed_containers() {}

}  // namespace parley::rc11

namespace rc11 = parley::rc11;

namespace std {

_Rb_tree_node_base* _Rb_tree_increment(_Rb_tree_node_base* node) noexcept {
    return rc11::step(node, rc11::right, __builtin_return_address(0));
}

const _Rb_tree_node_base* _Rb_tree_increment(const _Rb_tree_node_base* node) noexcept {
    return rc11::step(node, rc11::right, __builtin_return_address(0));
}

_Rb_tree_node_base* _Rb_tree_decrement(_Rb_tree_node_base* node) noexcept {
    return rc11::step_back(node, __builtin_return_address(0));
}

const _Rb_tree_node_base* _Rb_tree_decrement(const _Rb_tree_node_base* node) noexcept {
    return rc11::step_back(node, __builtin_return_address(0));
}

void _Rb_tree_insert_and_rebalance(bool is_left, _Rb_tree_node_base* node,
                                   _Rb_tree_node_base* parent,
                                   _Rb_tree_node_base& header) noexcept {
    rc11::Tree(header, __builtin_return_address(0))
        .insert(is_left ? rc11::left : rc11::right, node, parent);
}

_Rb_tree_node_base* _Rb_tree_rebalance_for_erase(_Rb_tree_node_base* node,
                                                 _Rb_tree_node_base& header) noexcept {
    rc11::Tree(header, __builtin_return_address(0)).erase(node);
    return node;
}

namespace __detail {

void _List_node_base::swap(_List_node_base& a, _List_node_base& b) noexcept {
    const rc11::Touched touched(__builtin_return_address(0));
    const auto is_empty = [&](_List_node_base& list) {
        return touched.read(list._M_next) == &list;
    };
    // One that takes over the nodes of another, or none.
    const auto take = [&](_List_node_base& list, _List_node_base& old, _List_node_base* first,
                          _List_node_base* last) {
        const bool had_none = first == &old;
        touched.write(list._M_next, had_none ? &list : first);
        touched.write(list._M_prev, had_none ? &list : last);
        if (had_none) return;
        touched.write(first->_M_prev, &list);
        touched.write(last->_M_next, &list);
    };
    if (is_empty(a) && is_empty(b)) return;
    _List_node_base* const first = touched.read(a._M_next);
    _List_node_base* const last = touched.read(a._M_prev);
    take(a, b, touched.read(b._M_next), touched.read(b._M_prev));
    take(b, a, first, last);
}

void _List_node_base::_M_transfer(_List_node_base* const first,
                                  _List_node_base* const end) noexcept {
    if (this == end) return;
    const rc11::Touched touched(__builtin_return_address(0));
    _List_node_base* const last = touched.read(end->_M_prev);
    _List_node_base* const before = touched.read(first->_M_prev);
    _List_node_base* const place = touched.read(_M_prev);
    touched.write(before->_M_next, end);
    touched.write(end->_M_prev, before);
    touched.write(place->_M_next, first);
    touched.write(first->_M_prev, place);
    touched.write(last->_M_next, this);
    touched.write(_M_prev, last);
}

void _List_node_base::_M_reverse() noexcept {
    const rc11::Touched touched(__builtin_return_address(0));
    _List_node_base* node = this;
    do {
        _List_node_base* const next = touched.read(node->_M_next);
        touched.write(node->_M_next, touched.read(node->_M_prev));
        touched.write(node->_M_prev, next);
        node = next;
    } while (node != this);
}

void _List_node_base::_M_hook(_List_node_base* const position) noexcept {
    const rc11::Touched touched(__builtin_return_address(0));
    _List_node_base* const before = touched.read(position->_M_prev);
    touched.write(_M_next, position);
    touched.write(_M_prev, before);
    touched.write(before->_M_next, this);
    touched.write(position->_M_prev, this);
}

void _List_node_base::_M_unhook() noexcept {
    const rc11::Touched touched(__builtin_return_address(0));
    _List_node_base* const next = touched.read(_M_next);
    _List_node_base* const before = touched.read(_M_prev);
    touched.write(before->_M_next, next);
    touched.write(next->_M_prev, before);
}

std::pair<bool, std::size_t> _Prime_rehash_policy::_M_need_rehash(std::size_t buckets,
                                                                  std::size_t elements,
                                                                  std::size_t more) const {
    using Function = std::pair<bool, std::size_t> (*)(const _Prime_rehash_policy*, std::size_t,
                                                      std::size_t, std::size_t);
    const rc11::Touched touched(__builtin_return_address(0));
    _Prime_rehash_policy next = *this;
    const auto result =
        rc11::library<Function{}, 1>("_ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm")(
            &next, buckets, elements, more);
    touched.keep(_M_next_resize, next._M_next_resize);
    return result;
}

std::size_t _Prime_rehash_policy::_M_next_bkt(std::size_t buckets) const {
    using Function = std::size_t (*)(const _Prime_rehash_policy*, std::size_t);
    const rc11::Touched touched(__builtin_return_address(0));
    _Prime_rehash_policy next = *this;
    const std::size_t result = rc11::library<Function{}, 2>(
        "_ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm")(&next, buckets);
    touched.keep(_M_next_resize, next._M_next_resize);
    return result;
}

}  // namespace __detail

std::size_t _Hash_bytes(const void* bytes, std::size_t count, std::size_t seed) {
    rc11::Touched(__builtin_return_address(0)).note(bytes, count, false);
    return rc11::library<&_Hash_bytes>("_ZSt11_Hash_bytesPKvmm")(bytes, count, seed);
}

}  // namespace std
