// Lets better-sqlite3 13 be compiled for Node-API 9 (Electron 33, Node 20), with its sources unchanged.
//
// Force-include it (-include) and define NAPI_VERSION=9. From Node-API 10 on, a reference may hold a value of any type,
// and the addon keeps strings and plain values that way; Node-API 9 can refer to objects only. So such a value is put
// into a one-field object, and the reference is to that object.
#pragma once
#ifdef __cplusplus
#include <napi.h>

namespace Napi {

#define DOORSTEP_BOXED_REFERENCE(Type)                                                     \
  template <>                                                                              \
  class Reference<Type> {                                                                  \
   public:                                                                                 \
    Reference() = default;                                                                 \
    Reference(Reference&&) = default;                                                      \
    Reference& operator=(Reference&&) = default;                                           \
                                                                                           \
    static Reference New(const ::Napi::Type& value, uint32_t count = 1) {                  \
      Reference reference;                                                                 \
      reference.Reset(value, count);                                                       \
      return reference;                                                                    \
    }                                                                                      \
                                                                                           \
    void Reset() { box_.Reset(); }                                                         \
    void Reset(const ::Napi::Type& value, uint32_t count = 0) {                            \
      ::Napi::Object box = ::Napi::Object::New(value.Env());                               \
      box.Set(0u, value);                                                                  \
      box_ = Reference<::Napi::Object>::New(box, count);                                   \
    }                                                                                      \
                                                                                           \
    bool IsEmpty() const { return box_.IsEmpty(); }                                        \
    ::Napi::Env Env() const { return box_.Env(); }                                         \
    ::Napi::Type Value() const {                                                           \
      return box_.IsEmpty() ? ::Napi::Type() : box_.Value().Get(0u).As<::Napi::Type>();    \
    }                                                                                      \
                                                                                           \
   private:                                                                                \
    Reference<::Napi::Object> box_;                                                        \
  };

DOORSTEP_BOXED_REFERENCE(String)
DOORSTEP_BOXED_REFERENCE(Value)

#undef DOORSTEP_BOXED_REFERENCE

}  // namespace Napi
#endif
