import { getExtension, hasExtension } from '@bufbuild/protobuf'
import type { FeatureSet, FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import {
  CppFeatures_StringType as StringType,
  Edition,
  JavaFeatures_Utf8Validation as JavaUtf8,
  cpp,
  java,
} from '@bufbuild/protobuf/wkt'

/** Features of one target language that change the generated code and nothing else. */
export interface LanguageFeatures {
  /** `(pb.cpp).string_type`; a field's `ctype` says the same in older syntaxes. */
  readonly cppStringType: StringType
  /** `(pb.java).utf8_validation`; the file option `java_string_check_utf8` says the same in older syntaxes. */
  readonly javaUtf8Validation: JavaUtf8
}

export function fileLanguageFeatures(file: FileDescriptorProto): LanguageFeatures {
  const defaults: LanguageFeatures = {
    cppStringType: file.edition >= Edition.EDITION_2024 ? StringType.VIEW : StringType.STRING,
    javaUtf8Validation: file.options?.javaStringCheckUtf8 ? JavaUtf8.VERIFY : JavaUtf8.DEFAULT,
  }
  return overrideLanguageFeatures(defaults, file.options?.features)
}

export function overrideLanguageFeatures(
  inherited: LanguageFeatures,
  features: FeatureSet | undefined,
): LanguageFeatures {
  if (!features) return inherited
  const cppStringType = hasExtension(features, cpp) ? getExtension(features, cpp).stringType : 0
  const javaUtf8Validation = hasExtension(features, java) ? getExtension(features, java).utf8Validation : 0
  return {
    cppStringType: cppStringType || inherited.cppStringType,
    javaUtf8Validation: javaUtf8Validation || inherited.javaUtf8Validation,
  }
}
